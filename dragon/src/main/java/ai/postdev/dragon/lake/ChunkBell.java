package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.DocumentListener;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.model.EmbedQueue;
import org.apache.pekko.actor.typed.ActorRef;

/** Tells the embedder that there are new chunks, once for each batch of parsed texts. */
final class ChunkBell implements DocumentListener {
    private final ProjectId project;
    private final ActorRef<EmbedQueue.Command> embedQueue;
    private boolean found;

    ChunkBell(ProjectId project, ActorRef<EmbedQueue.Command> embedQueue) {
        this.project = project;
        this.embedQueue = embedQueue;
    }

    /** It keeps nothing, so it has missed nothing. */
    @Override
    public long sequence() {
        return Long.MAX_VALUE;
    }

    @Override
    public void documentPut(Document document, byte[] utf8) {}

    @Override
    public void documentRemoved(Document document) {}

    @Override
    public void syntaxFound(Document document, Syntax syntax) {
        found = true;
    }

    @Override
    public void refresh(long sequence) {
        if (found) {
            found = false;
            embedQueue.tell(new EmbedQueue.ChunksAdded(project));
        }
    }

    @Override
    public void close() {}
}

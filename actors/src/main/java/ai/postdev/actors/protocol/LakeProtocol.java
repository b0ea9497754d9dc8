package ai.postdev.actors.protocol;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.wire.WireMessage;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Event;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The conversation with the lake of one project: a sharded entity, one for each project of the cluster, whose entity id
 * is the project's id.
 */
public interface LakeProtocol {
    /** The sharded entity type; the entity id is {@link ProjectId#value()}. */
    EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "lake");

    /**
     * The setting of a lake that says by the embeddings of which model it is searched. Once it is set, embeddings of other
     * models that were made before leave memory.
     */
    String EMBEDDING_MODEL = "embedding/model";

    /** What a lake understands. */
    sealed interface Command extends WireMessage {}

    /** Changes nothing that is remembered: is answered over the views that the stores last showed. */
    sealed interface Read extends Command {}

    /**
     * Makes changes durable and visible. The answer comes when every operation is on disk and every store shows it.
     *
     * @param blobs texts that the bodies refer to by hash and that the lake may not have yet
     */
    record Append(List<Body> bodies, List<Blob> blobs, ActorRef<Reply<Appended>> replyTo) implements Command {
        public Append {
            bodies = List.copyOf(bodies);
            blobs = List.copyOf(blobs);
        }
    }

    /** What the lake believes a workspace holds, page by page in path order; for comparing with the disk. */
    record Manifest(WorkspaceId workspace, String afterPath, int limit, ActorRef<Reply<ManifestPage>> replyTo)
            implements Read {}

    /** The value of a setting; an empty string when it was never set. */
    record Setting(String key, ActorRef<Reply<String>> replyTo) implements Read {}

    /** The commits of a list that the history does not hold yet. */
    record MissingCommits(List<String> commits, ActorRef<Reply<List<String>>> replyTo) implements Read {
        public MissingCommits {
            commits = List.copyOf(commits);
        }
    }

    /** Finds code. */
    record Search(SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo) implements Read {}

    /**
     * Finds code in a commit. {@link Reply.Reason#NOT_FOUND} says that the lake does not hold that tree, or no longer:
     * {@link PutTree} brings it.
     */
    record SearchTree(TreeId tree, SearchRequest request, ActorRef<Reply<SearchAnswer>> replyTo) implements Read {}

    /**
     * Brings one part of a commit's tree, to be searched; it is held in memory only, and for as long as there is room.
     *
     * @param part 0, 1, 2 …; part 0 begins anew
     * @param last whether the tree is whole with this part
     * @param blobs the texts of the files
     */
    record PutTree(
            TreeId tree,
            int part,
            boolean last,
            List<Body.PutDocument> files,
            List<Blob> blobs,
            ActorRef<Reply<Integer>> replyTo)
            implements Read {
        public PutTree {
            files = List.copyOf(files);
            blobs = List.copyOf(blobs);
        }
    }

    /** Finds when something like this happened before. */
    record Recall(RecallRequest request, ActorRef<Reply<RecallAnswer>> replyTo) implements Read {}

    /** What belongs to a file, symbol or commit. */
    record Related(RelatedRequest request, ActorRef<Reply<RelatedAnswer>> replyTo) implements Read {}

    /** A file as it is or was. */
    record Show(ShowRequest request, ActorRef<Reply<ShowAnswer>> replyTo) implements Read {}

    /** The best evidence for a question or a place in a file, within a budget of tokens. */
    record Context(ContextRequest request, ActorRef<Reply<ContextAnswer>> replyTo) implements Read {}

    /** The versions of a file. */
    record Versions(VersionsRequest request, ActorRef<Reply<VersionsAnswer>> replyTo) implements Read {}

    /** Events in time. */
    record Timeline(TimelineRequest request, ActorRef<Reply<TimelineAnswer>> replyTo) implements Read {}

    /**
     * The event that the operation {@code sequence} wrote.
     *
     * @param origin of that operation; empty: whichever origin used the sequence for an event, if only one did
     */
    record FindEvent(String origin, long sequence, ActorRef<Reply<Event>> replyTo) implements Read {}

    /** What this lake holds. */
    record Status(ActorRef<Reply<LakeState>> replyTo) implements Read {}

    /** Chunks of current documents that have no embedding of {@code model} yet, newest and most-touched files first. */
    record Unembedded(String model, int limit, ActorRef<Reply<Chunks>> replyTo) implements Read {}

    /** Removes the project for good. */
    record Forget(ActorRef<Reply<Forgotten>> replyTo) implements Command {}

    /** Opens the lake without asking anything of it, so that the first question does not wait. */
    enum Open implements Command {
        INSTANCE
    }

    /** Ends the entity in an orderly way: pending writes are answered first. */
    enum Passivate implements Command {
        INSTANCE
    }

    /**
     * The tree of a commit as one workspace reads it.
     *
     * @param commitMillis when it was committed, milliseconds since the epoch
     * @param edition of the rules that leave files out: a tree that was read by other rules is another tree
     */
    record TreeId(WorkspaceId workspace, String commit, long commitMillis, long edition) implements WireMessage {}

    /**
     * A text by its hash.
     *
     * @param text UTF-8; handed over, never changed afterwards
     */
    record Blob(ContentHash hash, byte[] text) implements WireMessage {}

    /**
     * Changes that are on disk and visible.
     *
     * @param sequence of the last operation written
     * @param time of the last operation written
     * @param asOf what the lake holds now
     */
    record Appended(Origin origin, long sequence, HybridTime time, VersionVector asOf) implements WireMessage {}

    /**
     * One page of a manifest.
     *
     * @param complete whether this is the last page
     */
    record ManifestPage(List<ManifestEntry> entries, boolean complete) implements WireMessage {
        public ManifestPage {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What the lake knows of one document.
     *
     * @param modifiedMillis of the file when it was read
     * @param putMillis when it was written to the lake, by the lake's clock
     */
    record ManifestEntry(String path, ContentHash hash, long fileSize, long modifiedMillis, long putMillis)
            implements WireMessage {}

    /**
     * State of a lake.
     *
     * @param workspaces one row for each workspace, with what the stores know; the watching node adds the rest
     */
    record LakeState(LakeStatus lake, List<ProjectStatus> workspaces) implements WireMessage {
        public LakeState {
            workspaces = List.copyOf(workspaces);
        }
    }

    /**
     * Chunks without an embedding.
     *
     * @param remaining how many are missing in all
     * @param replaces whether the lake still has embeddings of other models in memory, or is to be searched by one
     */
    record Chunks(List<ChunkText> chunks, long remaining, boolean replaces) implements WireMessage {
        public Chunks {
            chunks = List.copyOf(chunks);
        }
    }

    /** One chunk to embed. */
    record ChunkText(ContentHash hash, Language language, String text) implements WireMessage {}

    /** A project is gone. */
    record Forgotten(long operations) implements WireMessage {}
}

package ai.postdev.dragon.lake.past;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.LakeProtocol.TreeId;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeEngine.Unparsed;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One commit as a view of code. Texts and syntax that the lake has are the lake's own; only what it never saw, or no
 * longer shows, is held here. Safe on any thread; reading and parsing take time, so never on an actor's thread.
 */
public final class PastTree {
    private static final Origin GIT = new Origin("git");
    private static final int TAKEN_AT_ONCE = 256;

    private final TreeId id;
    private final ProjectId project;
    private final CodeView lake;
    private final SyntaxSource source;
    private final CodeEngine engine;
    private final Map<ContentHash, byte[]> own = new ConcurrentHashMap<>();
    private final Deque<Unparsed> unparsed = new ArrayDeque<>();
    // Written under the lock, read without it: whoever counts must not wait for a parser.
    private volatile int parts;
    private volatile int files;
    private volatile long ownBytes;
    private volatile boolean whole;
    private volatile CodeView shown;

    PastTree(TreeId id, ProjectId project, CodeView lake, CodeSettings settings, SyntaxSource source) {
        this.id = id;
        this.project = project;
        this.lake = lake;
        this.source = source;
        // The engine keeps no text and no index: the tree's own are in the map, the others with the lake, each under
        // its own bound.
        CodeSettings keepingNone = new CodeSettings(
                0,
                0,
                settings.grepThreads(),
                settings.parseThreads(),
                settings.parseAttemptsMax(),
                settings.parseTimeout(),
                settings.parseThreadsLostMax());
        this.engine = new CodeEngine(
                keepingNone, hash -> Optional.ofNullable(own.get(hash)).or(() -> lake.text(hash)));
        this.shown = engine.view();
    }

    /** Which commit this is. */
    public TreeId id() {
        return id;
    }

    /** Adds the next part. */
    synchronized void add(List<Body.PutDocument> put, List<Blob> blobs, boolean last) {
        for (Blob blob : blobs) {
            // What a present document holds stays readable for as long as the lake is open.
            if (lake.documents(blob.hash()).isEmpty() && own.put(blob.hash(), blob.text()) == null) {
                ownBytes += blob.text().length;
            }
        }
        HybridTime time = HybridTime.of(Math.max(0, id.commitMillis()), 0);
        for (Body.PutDocument document : put) {
            files++;
            engine.apply(new Operation(project, GIT, files, time, document));
        }
        parts++;
        shown = engine.view();
        whole = last;
    }

    int parts() {
        return parts;
    }

    int files() {
        return files;
    }

    long ownBytes() {
        return ownBytes;
    }

    boolean isWhole() {
        return whole;
    }

    /** The files and their texts; what is defined in them as far as {@link #parse} has come. */
    public CodeView view() {
        return shown;
    }

    /**
     * Finds out what is defined in the files: the lake knows it of texts it has, the parser reads the others.
     *
     * @param untilNanos by {@link System#nanoTime()}; what is not parsed then stays for the next call
     * @return texts that are left
     */
    public synchronized int parse(long untilNanos) {
        int left = parsed(untilNanos);
        shown = engine.view();
        return left;
    }

    private int parsed(long untilNanos) {
        while (System.nanoTime() - untilNanos < 0) {
            if (unparsed.isEmpty()) {
                unparsed.addAll(engine.takeUnparsed(TAKEN_AT_ONCE));
            }
            Unparsed next = unparsed.poll();
            if (next == null) {
                return 0;
            }
            Optional<Syntax> known = lake.syntax(next.hash());
            if (known.isPresent()) {
                engine.attachSyntax(next, known.get(), lake.chunkHashes(next.hash()));
            } else {
                engine.text(next.hash())
                        .ifPresent(text -> engine.attachSyntax(next.hash(), source.parse(next.language(), text)));
            }
        }
        unparsed.addAll(engine.takeUnparsed(Integer.MAX_VALUE));
        return unparsed.size();
    }
}

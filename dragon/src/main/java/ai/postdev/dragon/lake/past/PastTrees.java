package ai.postdev.dragon.lake.past;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.PutTree;
import ai.postdev.actors.protocol.LakeProtocol.TreeId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The past commits of one lake that are held in memory, bounded in number and bytes: the one that was asked about longest
 * ago makes room. Safe on any thread.
 */
public final class PastTrees {
    private record Key(WorkspaceId workspace, String commit) {
        static Key of(TreeId id) {
            return new Key(id.workspace(), id.commit());
        }
    }

    private final PastSettings settings;
    private final CodeSettings code;
    private final SyntaxSource syntax;
    private final Map<Key, PastTree> trees = new LinkedHashMap<>(16, 0.75f, true);

    /** Room for trees; empty. */
    public PastTrees(PastSettings settings, CodeSettings code, SyntaxSource syntax) {
        this.settings = settings;
        this.code = code;
        this.syntax = syntax;
    }

    /** The tree, if it is held, whole, and was read by the same rules. */
    public synchronized Optional<PastTree> held(TreeId id) {
        return Optional.ofNullable(trees.get(Key.of(id)))
                .filter(tree -> tree.isWhole() && tree.id().edition() == id.edition());
    }

    /**
     * Takes one part of a tree.
     *
     * @param lake the present code, whose texts are not held twice
     * @return the number of files held of the tree so far
     */
    public synchronized Reply<Integer> put(ProjectId project, CodeView lake, PutTree ask) {
        Key key = Key.of(ask.tree());
        if (ask.part() == 0) {
            trees.put(key, new PastTree(ask.tree(), project, lake, code, syntax));
        }
        PastTree tree = trees.get(key);
        if (tree == null
                || tree.isWhole()
                || tree.parts() != ask.part()
                || !tree.id().equals(ask.tree())) {
            return new Reply.Refused<>(
                    Reply.Reason.UNAVAILABLE,
                    "part " + ask.part() + " of commit " + ask.tree().commit()
                            + " came without the parts before it, because other commits took its room; ask again");
        }
        tree.add(ask.files(), ask.blobs(), ask.last());
        Optional<String> beyond = beyond(tree);
        if (beyond.isPresent()) {
            trees.remove(key);
            return new Reply.Refused<>(Reply.Reason.PRECONDITION, beyond.get());
        }
        makeRoom(tree);
        return new Reply.Answered<>(tree.files());
    }

    private Optional<String> beyond(PastTree tree) {
        String commit = "commit " + tree.id().commit();
        if (tree.files() > settings.filesMax()) {
            return Optional.of(commit + " has more than " + settings.filesMax()
                    + " files; raise postdevai.lake.past.files-max to search it");
        }
        if (tree.ownBytes() > settings.textBytesMax()) {
            return Optional.of(commit + " has more than " + settings.textBytesMax()
                    + " bytes of text that are not there today; raise postdevai.lake.past.text-bytes-max to search it");
        }
        return Optional.empty();
    }

    private void makeRoom(PastTree keep) {
        long bytes = trees.values().stream().mapToLong(PastTree::ownBytes).sum();
        Iterator<PastTree> oldest = trees.values().iterator();
        while (oldest.hasNext() && (trees.size() > settings.treesMax() || bytes > settings.textBytesMax())) {
            PastTree next = oldest.next();
            if (next != keep) {
                bytes -= next.ownBytes();
                oldest.remove();
            }
        }
    }

    /** The commits held now, that asked about longest ago first. */
    synchronized List<String> commits() {
        return new ArrayList<>(trees.keySet()).stream().map(Key::commit).toList();
    }
}

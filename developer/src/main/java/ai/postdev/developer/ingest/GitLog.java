package ai.postdev.developer.ingest;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads a repository's objects: commits, what they changed, and files as they were. Blocking. */
public sealed interface GitLog permits GitLogProcess, GitLogWalk {
    /** Through the git program where there is one (the fastest), else through jgit. */
    static GitLog of(GitFolder folder, boolean gitInstalled) {
        return gitInstalled ? new GitLogProcess(folder) : new GitLogWalk(folder);
    }

    /**
     * Ids of the commits that can be reached from {@code tips}, newest first.
     *
     * @param known what can be reached from these is left out; ids that no longer exist are passed over
     * @param max at most this many
     */
    List<String> reachable(List<String> tips, List<String> known, int max) throws IOException;

    /** These commits, in this order. */
    List<CommitRecord> read(List<String> ids) throws IOException;

    /** The oldest commit on the first-parent line of {@code tip}. */
    Optional<String> root(String tip) throws IOException;

    /**
     * The commit that an expression such as {@code HEAD~5} or {@code v1.2} names; empty if there is none.
     */
    Optional<String> commit(String revision) throws IOException;

    /** The newest commit on the way from HEAD back that was made up to {@code time}; empty if all are younger. */
    Optional<String> commitUpTo(Instant time) throws IOException;

    /** When {@code commit} was committed, milliseconds since the epoch. */
    long commitMillis(String commit) throws IOException;

    /**
     * The bytes of {@code path} at {@code commit}; empty if it was no file then.
     *
     * @param bytesMax a larger file is an IOException that says so
     */
    Optional<byte[]> file(String commit, String path, long bytesMax) throws IOException;

    /**
     * One plain file of a commit's tree; links and submodules are none.
     *
     * @param object id of its content
     * @param bytes of its content
     */
    record TreeFile(String path, String object, long bytes) {}

    /** Takes contents one by one. */
    interface Contents {
        /** @param content empty if the repository does not have the object, as in a partial clone */
        void take(TreeFile file, Optional<byte[]> content) throws IOException;
    }

    /** The plain files of {@code commit} in the order of their paths; names that are no UTF-8 are passed over. */
    List<TreeFile> tree(String commit) throws IOException;

    /** Reads the contents of {@code files} in their order. */
    void contents(List<TreeFile> files, Contents taker) throws IOException;
}

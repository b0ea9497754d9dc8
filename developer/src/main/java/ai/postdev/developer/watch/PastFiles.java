package ai.postdev.developer.watch;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.LakeProtocol.TreeId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;
import ai.postdev.actors.protocol.WorkspaceProtocol.RevisionFile;
import ai.postdev.developer.ingest.GitLog;
import ai.postdev.developer.ingest.GitLog.TreeFile;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.ingest.TextIntake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files of past commits, straight from the repository, with the same rules and cuts as everything stored: what would not
 * be remembered today is not shown of the past. Blocking.
 *
 * @param edition of the rules that leave files out
 */
record PastFiles(WorkspaceDisk disk, WorkspaceSeat seat, long edition) {
    /** A file as the lake would store it. */
    record PastFile(Body.PutDocument put, Blob blob) {}

    /** Takes the files of a commit in portions. */
    interface Portions {
        /** @param last whether nothing follows; the portion may be empty then */
        void take(List<PastFile> files, boolean last) throws IOException;
    }

    /** The commit that {@code at} names: an expression of git, or an instant. */
    Reply<TreeId> resolve(String at) {
        ProjectIdentity identity = disk.identity();
        if (identity.git().isEmpty()) {
            return refused(Reason.NOT_FOUND, identity.root() + " has no git history");
        }
        try {
            Optional<Instant> time = instant(at);
            Optional<String> commit = time.isPresent() ? log().commitUpTo(time.get()) : log().commit(at);
            if (commit.isEmpty()) {
                return refused(
                        Reason.NOT_FOUND,
                        time.isPresent()
                                ? "no commit was made up to " + at + " in " + identity.root()
                                : "no commit '" + at + "' in " + identity.root());
            }
            return new Reply.Answered<>(
                    new TreeId(identity.workspace(), commit.get(), log().commitMillis(commit.get()), edition));
        } catch (IOException e) {
            return refused(Reason.FAILED, e.getMessage());
        }
    }

    private static Optional<Instant> instant(String at) {
        try {
            return Optional.of(Instant.parse(at));
        } catch (DateTimeParseException _) {
            // no time: an expression of git
            return Optional.empty();
        }
    }

    /** The file {@code path} at {@code revision}. */
    Reply<RevisionFile> read(String path, String revision) {
        if (isLeftOut(path)) {
            return refused(
                    Reason.INVALID,
                    path + (intake().secret(path) ? " looks like a secret by its name" : " is left out by its owner")
                            + " and is never shown");
        }
        return switch (resolve(revision)) {
            case Reply.Refused<TreeId> refused -> refused(refused.reason(), refused.message());
            case Reply.Answered<TreeId>(TreeId tree) -> read(path, tree);
        };
    }

    private Reply<RevisionFile> read(String path, TreeId tree) {
        try {
            Optional<byte[]> bytes =
                    log().file(tree.commit(), path, seat.settings().fileBytesMax());
            if (bytes.isEmpty()) {
                return new Reply.Answered<>(new RevisionFile(tree.commit(), tree.commitMillis(), Optional.empty()));
            }
            Optional<byte[]> text = intake().decode(bytes.get());
            if (text.isEmpty()) {
                return refused(Reason.INVALID, path + " at " + tree.commit() + " is no text");
            }
            return new Reply.Answered<>(new RevisionFile(
                    tree.commit(),
                    tree.commitMillis(),
                    Optional.of(new String(intake().redact(text.get()), StandardCharsets.UTF_8))));
        } catch (IOException e) {
            return refused(Reason.FAILED, e.getMessage());
        }
    }

    /**
     * Reads every file of a commit that would be remembered today.
     *
     * @return how many files there were
     * @throws IOException also if {@code portions} throws it
     */
    Reply<Integer> readAll(TreeId tree, Portions portions) throws IOException {
        WatchSettings settings = seat.settings();
        List<TreeFile> files = log().tree(tree.commit()).stream()
                .filter(file -> file.bytes() <= settings.fileBytesMax() && !isLeftOut(file.path()))
                .toList();
        long bytes = files.stream().mapToLong(TreeFile::bytes).sum();
        if (files.size() > settings.filesMax()) {
            return refused(
                    Reason.PRECONDITION,
                    "commit " + tree.commit() + " has " + files.size() + " files, more than " + settings.filesMax()
                            + " (postdevai.watch.files-max)");
        }
        if (bytes > settings.pastBytesMax()) {
            return refused(
                    Reason.PRECONDITION,
                    "commit " + tree.commit() + " has " + bytes + " bytes of files, more than "
                            + settings.pastBytesMax() + "; raise postdevai.watch.past-bytes-max to search it");
        }
        Portion portion = new Portion(portions, settings);
        log().contents(files, (file, content) -> {
            if (content.isEmpty()) {
                throw new IOException(file.path() + " of commit " + tree.commit()
                        + " is not in this clone; fetch it with git, then ask again");
            }
            Optional<byte[]> text = intake().decode(content.get());
            if (text.isPresent()) {
                portion.add(file(tree, file, intake().redact(text.get())));
            }
        });
        portion.end();
        return new Reply.Answered<>(files.size());
    }

    private static PastFile file(TreeId tree, TreeFile file, byte[] stored) {
        ContentHash hash = ContentHash.of(stored);
        return new PastFile(
                new Body.PutDocument(
                        tree.workspace(),
                        file.path(),
                        hash,
                        stored.length,
                        Language.ofPath(file.path()),
                        tree.commitMillis(),
                        file.bytes()),
                new Blob(hash, stored));
    }

    /** Gathers files until there are enough for one message. */
    private static final class Portion {
        private final Portions portions;
        private final WatchSettings settings;
        private List<PastFile> files = new ArrayList<>();
        private long bytes;

        Portion(Portions portions, WatchSettings settings) {
            this.portions = portions;
            this.settings = settings;
        }

        void add(PastFile file) throws IOException {
            boolean full = files.size() >= settings.appendOperationsMax()
                    || bytes + file.put().size() > settings.appendBytesMax();
            if (full && !files.isEmpty()) {
                portions.take(files, false);
                files = new ArrayList<>();
                bytes = 0;
            }
            files.add(file);
            bytes += file.put().size();
        }

        void end() throws IOException {
            portions.take(files, true);
        }
    }

    private boolean isLeftOut(String path) {
        return intake().secret(path) || disk.ignoredByOwner(path);
    }

    private TextIntake intake() {
        return seat.intake();
    }

    private GitLog log() {
        return GitLog.of(disk.identity().git().orElseThrow(), seat.gitInstalled());
    }

    private static <T> Reply<T> refused(Reason reason, String message) {
        return new Reply.Refused<>(reason, message);
    }
}

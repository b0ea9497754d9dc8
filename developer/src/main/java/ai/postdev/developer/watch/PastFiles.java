package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;
import ai.postdev.actors.protocol.WorkspaceProtocol.RevisionFile;
import ai.postdev.developer.ingest.GitLog;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.ingest.TextIntake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Files of past commits, straight from the repository, with the same cuts as everything stored. Blocking.
 *
 * @param bytesMax larger files are refused
 */
record PastFiles(ProjectIdentity identity, boolean gitInstalled, TextIntake intake, long bytesMax) {
    /** The file {@code path} at {@code revision}. */
    Reply<RevisionFile> read(String path, String revision) {
        if (identity.git().isEmpty()) {
            return refused(Reason.NOT_FOUND, identity.root() + " has no git history");
        }
        if (intake.secret(path)) {
            return refused(Reason.INVALID, path + " looks like a secret by its name and is never shown");
        }
        GitLog log = GitLog.of(identity.git().get(), gitInstalled);
        try {
            Optional<String> commit = log.commit(revision);
            if (commit.isEmpty()) {
                return refused(Reason.NOT_FOUND, "no commit '" + revision + "' in " + identity.root());
            }
            Optional<byte[]> bytes = log.file(commit.get(), path, bytesMax);
            if (bytes.isEmpty()) {
                return refused(Reason.NOT_FOUND, "no file " + path + " at " + commit.get());
            }
            Optional<byte[]> text = intake.decode(bytes.get());
            if (text.isEmpty()) {
                return refused(Reason.INVALID, path + " at " + commit.get() + " is no text");
            }
            return new Reply.Answered<>(new RevisionFile(
                    commit.get(),
                    log.commitMillis(commit.get()),
                    new String(intake.redact(text.get()), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return refused(Reason.FAILED, e.getMessage());
        }
    }

    private static Reply<RevisionFile> refused(Reason reason, String message) {
        return new Reply.Refused<>(reason, message);
    }
}

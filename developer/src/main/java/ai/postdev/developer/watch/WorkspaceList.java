package ai.postdev.developer.watch;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.cluster.CheckedText;
import ai.postdev.cluster.SafeFiles;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.ProjectIdentity;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The folders that a node watches, in the file {@code workspaces} of its home: one line each with project, workspace
 * and folder, after a line with their checksum, so that a folder that is missing at the start is still known. Written beside
 * and renamed; a list that could not be read is set aside, not written over. Blocking; one thread.
 */
final class WorkspaceList {
    private final Path file;
    private boolean unread;

    WorkspaceList(Path home) {
        this.file = home.resolve("workspaces");
    }

    /** What was saved last; empty if nothing was. */
    List<ProjectIdentity> load() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<ProjectIdentity> saved = new ArrayList<>();
        unread = true;
        for (String line : CheckedText.of(file, Files.readString(file)).lines().toList()) {
            if (!line.isBlank()) {
                saved.add(parse(line));
            }
        }
        unread = false;
        return saved;
    }

    private ProjectIdentity parse(String line) throws IOException {
        String[] fields = line.split("\t");
        if (fields.length != 3) {
            throw new IOException(file + " has the line '" + line
                    + "', expected project, workspace and folder between tabs; mend or remove the line");
        }
        Path root = Path.of(URLDecoder.decode(fields[2], StandardCharsets.UTF_8));
        Path name = root.getFileName();
        Optional<GitFolder> git = Files.isDirectory(root) ? GitFolder.at(root) : Optional.empty();
        return new ProjectIdentity(
                new ProjectId(fields[0]),
                new WorkspaceId(fields[1]),
                name == null ? root.toString() : name.toString(),
                root,
                git);
    }

    /** Replaces the list. */
    void save(Collection<ProjectIdentity> identities) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (ProjectIdentity identity : identities) {
            lines.append(identity.project())
                    .append('\t')
                    .append(identity.workspace())
                    .append('\t')
                    .append(URLEncoder.encode(identity.root().toString(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        SafeFiles.createFolders(file.getParent());
        if (unread) {
            // What it says is not known, and may be wanted.
            SafeFiles.move(file, file.resolveSibling(file.getFileName() + ".damaged"));
            unread = false;
        }
        SafeFiles.write(file, CheckedText.with(lines.toString()));
    }
}

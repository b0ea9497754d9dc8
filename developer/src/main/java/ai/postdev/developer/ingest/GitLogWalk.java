package ai.postdev.developer.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.io.DisabledOutputStream;

/** {@link GitLog} through jgit, for machines without a git program. */
final class GitLogWalk implements GitLog {
    private final GitFolder folder;

    GitLogWalk(GitFolder folder) {
        JgitHome.leaveAlone();
        this.folder = folder;
    }

    private Repository open() throws IOException {
        FileRepositoryBuilder builder = new FileRepositoryBuilder();
        builder.setGitDir(folder.gitDir().toFile());
        builder.setWorkTree(folder.workTree().toFile());
        return builder.setMustExist(true).build();
    }

    @Override
    public List<String> reachable(List<String> tips, List<String> known, int max) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            walk.sort(RevSort.COMMIT_TIME_DESC);
            for (String tip : tips) {
                find(walk, tip).ifPresent(commit -> mark(walk, commit, true));
            }
            for (String tip : known) {
                find(walk, tip).ifPresent(commit -> mark(walk, commit, false));
            }
            List<String> ids = new ArrayList<>();
            for (RevCommit commit = walk.next(); commit != null && ids.size() < max; commit = walk.next()) {
                ids.add(commit.name());
            }
            return ids;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<RevCommit> find(RevWalk walk, String id) throws IOException {
        try {
            return Optional.of(walk.parseCommit(ObjectId.fromString(id)));
        } catch (MissingObjectException e) {
            // a tip of a history that was thrown away since
            return Optional.empty();
        }
    }

    private static void mark(RevWalk walk, RevCommit commit, boolean start) {
        try {
            if (start) {
                walk.markStart(commit);
            } else {
                walk.markUninteresting(commit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<CommitRecord> read(List<String> ids) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository);
                DiffFormatter differ = new DiffFormatter(DisabledOutputStream.INSTANCE)) {
            differ.setRepository(repository);
            differ.setDetectRenames(false);
            List<CommitRecord> commits = new ArrayList<>();
            for (String id : ids) {
                RevCommit commit = walk.parseCommit(ObjectId.fromString(id));
                PersonIdent author = commit.getAuthorIdent();
                List<String> parents = new ArrayList<>();
                for (RevCommit parent : commit.getParents()) {
                    parents.add(parent.name());
                }
                commits.add(new CommitRecord(
                        id,
                        List.copyOf(parents),
                        author.getName(),
                        author.getEmailAddress(),
                        author.getWhenAsInstant().toEpochMilli(),
                        commit.getFullMessage(),
                        parents.size() > 1 ? List.of() : changes(walk, differ, commit)));
            }
            return commits;
        }
    }

    private static List<CommitRecord.Change> changes(RevWalk walk, DiffFormatter differ, RevCommit commit)
            throws IOException {
        RevCommit parent = commit.getParentCount() == 0 ? null : walk.parseCommit(commit.getParent(0));
        List<CommitRecord.Change> changes = new ArrayList<>();
        for (DiffEntry entry : differ.scan(parent == null ? null : parent.getTree(), commit.getTree())) {
            boolean deleted = entry.getChangeType() == DiffEntry.ChangeType.DELETE;
            FileHeader header = differ.toFileHeader(entry);
            boolean binary = header.getPatchType() == FileHeader.PatchType.BINARY;
            int added = binary ? -1 : 0;
            int removed = binary ? -1 : 0;
            if (!binary) {
                for (Edit edit : header.toEditList()) {
                    added += edit.getLengthB();
                    removed += edit.getLengthA();
                }
            }
            changes.add(new CommitRecord.Change(deleted ? entry.getOldPath() : entry.getNewPath(), added, removed));
        }
        return changes;
    }

    @Override
    public Optional<String> root(String tip) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            walk.setFirstParent(true);
            walk.markStart(walk.parseCommit(ObjectId.fromString(tip)));
            Optional<String> last = Optional.empty();
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                last = Optional.of(commit.name());
            }
            return last;
        }
    }

    @Override
    public Optional<String> commit(String revision) throws IOException {
        try (Repository repository = open()) {
            return Optional.ofNullable(repository.resolve(revision + "^{commit}"))
                    .map(ObjectId::name);
        } catch (RevisionSyntaxException e) {
            // what is no expression of jgit names nothing
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> commitUpTo(Instant time) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId head = repository.resolve("HEAD^{commit}");
            if (head == null) {
                return Optional.empty();
            }
            walk.setRetainBody(false);
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.markStart(walk.parseCommit(head));
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (commit.getCommitTime() <= time.getEpochSecond()) {
                    return Optional.of(commit.name());
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public List<TreeFile> tree(String commit) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository);
                TreeWalk tree = new TreeWalk(repository)) {
            tree.addTree(walk.parseCommit(ObjectId.fromString(commit)).getTree());
            tree.setRecursive(true);
            List<TreeFile> files = new ArrayList<>();
            while (tree.next()) {
                Optional<String> path = PathNames.decode(tree.getRawPath(), 0);
                if (path.isPresent() && (tree.getRawMode(0) & FileMode.TYPE_MASK) == FileMode.TYPE_FILE) {
                    ObjectId object = tree.getObjectId(0);
                    files.add(new TreeFile(path.get(), object.name(), size(repository, object)));
                }
            }
            return files;
        }
    }

    private static long size(Repository repository, ObjectId object) throws IOException {
        try {
            return repository.open(object).getSize();
        } catch (MissingObjectException e) {
            // reading its content says so again, where it counts
            return 0;
        }
    }

    @Override
    public void contents(List<TreeFile> files, Contents taker) throws IOException {
        try (Repository repository = open()) {
            for (TreeFile file : files) {
                taker.take(file, content(repository, file));
            }
        }
    }

    private static Optional<byte[]> content(Repository repository, TreeFile file) throws IOException {
        try {
            ObjectLoader loader = repository.open(ObjectId.fromString(file.object()));
            return Optional.of(loader.getCachedBytes(Math.toIntExact(Math.max(1, file.bytes()))));
        } catch (MissingObjectException e) {
            // a partial clone: the taker counts it
            return Optional.empty();
        }
    }

    @Override
    public long commitMillis(String commit) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(ObjectId.fromString(commit)).getCommitTime() * 1000L;
        }
    }

    @Override
    public Optional<byte[]> file(String commit, String path, long bytesMax) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit));
            try (TreeWalk tree = TreeWalk.forPath(repository, path, parsed.getTree())) {
                if (tree == null || (tree.getRawMode(0) & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
                    return Optional.empty();
                }
                ObjectLoader loader = repository.open(tree.getObjectId(0));
                if (loader.getSize() > bytesMax) {
                    throw new IOException(
                            path + " at " + commit + " has " + loader.getSize() + " bytes, more than " + bytesMax);
                }
                return Optional.of(loader.getCachedBytes(Math.toIntExact(bytesMax)));
            }
        }
    }
}

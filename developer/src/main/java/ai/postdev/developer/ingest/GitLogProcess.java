package ai.postdev.developer.ingest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link GitLog} through the git program. */
final class GitLogProcess implements GitLog {
    /** Opens each commit in the output; no path or count can begin with it. */
    private static final char MARK = '\u0001';

    private static final String FORMAT = "--format=%x01%H%x00%P%x00%an%x00%ae%x00%at%x00%B%x00";

    private final GitCommand git;

    GitLogProcess(GitFolder folder) {
        this.git = new GitCommand(folder.workTree());
    }

    @Override
    public List<String> reachable(List<String> tips, List<String> known, int max) throws IOException {
        if (tips.isEmpty()) {
            return List.of();
        }
        StringBuilder input = new StringBuilder();
        tips.forEach(tip -> input.append(tip).append('\n'));
        known.forEach(tip -> input.append('^').append(tip).append('\n'));
        byte[] bytes = input.toString().getBytes(StandardCharsets.UTF_8);
        String listed = new String(
                git.run(
                        bytes,
                        InputStream::readAllBytes,
                        "rev-list",
                        "--ignore-missing",
                        "--max-count=" + max,
                        "--stdin"),
                StandardCharsets.UTF_8);
        return listed.lines().toList();
    }

    @Override
    public List<CommitRecord> read(List<String> ids) throws IOException {
        if (ids.isEmpty()) {
            return List.of();
        }
        byte[] input = (String.join("\n", ids) + "\n").getBytes(StandardCharsets.UTF_8);
        return git.run(
                input,
                GitLogProcess::parse,
                "log",
                "--no-walk=unsorted",
                "--stdin",
                "-z",
                "--numstat",
                "--no-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--encoding=UTF-8",
                FORMAT);
    }

    @Override
    public Optional<String> root(String tip) throws IOException {
        String roots = git.text("rev-list", "--first-parent", "--max-parents=0", tip);
        return roots.lines().reduce((_, last) -> last);
    }

    @Override
    public Optional<String> commit(String revision) throws IOException {
        try {
            String id = git.text("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
            return Optional.of(id).filter(GitFolder::isCommitId);
        } catch (IOException e) {
            // with --quiet, an expression that names nothing is an error without words
            if (e.getMessage().endsWith(": ")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public long commitMillis(String commit) throws IOException {
        return Long.parseLong(git.text("log", "-1", "--format=%ct", commit)) * 1000;
    }

    @Override
    public Optional<byte[]> file(String commit, String path, long bytesMax) throws IOException {
        if (path.indexOf('\n') >= 0) {
            return Optional.empty();
        }
        byte[] input = (commit + ":" + path + "\n").getBytes(StandardCharsets.UTF_8);
        return git.run(
                input,
                printed -> {
                    String header = line(printed);
                    String[] words = header.split(" ");
                    if (header.endsWith(" missing") || words.length != 3 || !words[1].equals("blob")) {
                        printed.skipNBytes(printed.available());
                        printed.readAllBytes();
                        return Optional.empty();
                    }
                    long size = Long.parseLong(words[2]);
                    if (size > bytesMax) {
                        throw new IOException(
                                path + " at " + commit + " has " + size + " bytes, more than " + bytesMax);
                    }
                    byte[] content = printed.readNBytes((int) size);
                    printed.readAllBytes();
                    return Optional.of(content);
                },
                "cat-file",
                "--batch");
    }

    @Override
    public Optional<String> commitUpTo(Instant time) throws IOException {
        String id = git.text("rev-list", "--max-count=1", "--before=" + time.getEpochSecond(), "HEAD");
        return Optional.of(id).filter(GitFolder::isCommitId);
    }

    @Override
    public List<TreeFile> tree(String commit) throws IOException {
        return git.run(
                new byte[0],
                printed -> {
                    List<TreeFile> files = new ArrayList<>();
                    Tokens tokens = new Tokens(printed);
                    for (Optional<byte[]> row = tokens.nextBytes(); row.isPresent(); row = tokens.nextBytes()) {
                        treeFile(row.get()).ifPresent(files::add);
                    }
                    return files;
                },
                "ls-tree",
                "-r",
                "-z",
                "-l",
                "--full-tree",
                commit);
    }

    /** {@code mode SP type SP object SP+ size TAB path}. */
    private static Optional<TreeFile> treeFile(byte[] row) throws IOException {
        int tab = 0;
        while (tab < row.length && row[tab] != '\t') {
            tab++;
        }
        String[] words = new String(row, 0, tab, StandardCharsets.UTF_8).split(" +");
        if (words.length != 4) {
            throw new IOException("git ls-tree printed '" + String.join(" ", words) + "' where a file was expected");
        }
        if (!words[0].startsWith("100") || !words[1].equals("blob")) {
            return Optional.empty();
        }
        long size = words[3].equals("-") ? 0 : Long.parseLong(words[3]);
        return PathNames.decode(row, tab + 1).map(path -> new TreeFile(path, words[2], size));
    }

    @Override
    public void contents(List<TreeFile> files, Contents taker) throws IOException {
        if (files.isEmpty()) {
            return;
        }
        StringBuilder objects = new StringBuilder();
        files.forEach(file -> objects.append(file.object()).append('\n'));
        git.run(
                objects.toString().getBytes(StandardCharsets.UTF_8),
                printed -> {
                    for (TreeFile file : files) {
                        taker.take(file, content(file, printed));
                    }
                    return files.size();
                },
                "cat-file",
                "--batch");
    }

    private static Optional<byte[]> content(TreeFile file, InputStream printed) throws IOException {
        String[] header = line(printed).split(" ");
        if (header.length == 2 && header[1].equals("missing")) {
            return Optional.empty();
        }
        if (header.length != 3 || !header[0].equals(file.object())) {
            throw new IOException(
                    "git cat-file printed '" + String.join(" ", header) + "' where " + file.object() + " was expected");
        }
        byte[] content = printed.readNBytes(Integer.parseInt(header[2]));
        if (content.length != Integer.parseInt(header[2]) || printed.read() != '\n') {
            throw new EOFException("git cat-file ended within " + file.path());
        }
        return Optional.of(content);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Tokens end in NUL; after a commit's fields come its files, then the next commit. */
    private static List<CommitRecord> parse(InputStream in) throws IOException {
        List<CommitRecord> commits = new ArrayList<>();
        Tokens tokens = new Tokens(in);
        Optional<String> token = tokens.next();
        while (token.isPresent()) {
            String first = token.get().strip();
            if (first.isEmpty()) {
                token = tokens.next();
                continue;
            }
            if (first.charAt(0) != MARK) {
                throw new IOException("git log printed '" + first + "' where a commit was expected");
            }
            String id = first.substring(1);
            String parents = tokens.required();
            String author = tokens.required();
            String email = tokens.required();
            long seconds = Long.parseLong(tokens.required());
            String message = tokens.required();
            List<CommitRecord.Change> changes = new ArrayList<>();
            token = tokens.next();
            while (token.isPresent() && !token.get().stripLeading().startsWith("" + MARK)) {
                change(token.get()).ifPresent(changes::add);
                token = tokens.next();
            }
            commits.add(new CommitRecord(
                    id,
                    parents.isEmpty() ? List.of() : List.of(parents.split(" ")),
                    author,
                    email,
                    seconds * 1000,
                    message,
                    List.copyOf(changes)));
        }
        return commits;
    }

    /** {@code added TAB removed TAB path}; the first file of a commit follows a line end. */
    private static Optional<CommitRecord.Change> change(String token) {
        String row = token.startsWith("\n") ? token.substring(1) : token;
        int tab = row.indexOf('\t');
        int second = row.indexOf('\t', tab + 1);
        if (tab < 0 || second < 0) {
            return Optional.empty();
        }
        return Optional.of(new CommitRecord.Change(
                row.substring(second + 1), count(row.substring(0, tab)), count(row.substring(tab + 1, second))));
    }

    private static int count(String digits) {
        return digits.equals("-") ? -1 : Integer.parseInt(digits);
    }

    private static final class Tokens {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int limit;

        Tokens(InputStream in) {
            this.in = in;
        }

        String required() throws IOException {
            return next().orElseThrow(() -> new EOFException("git log ended within a commit"));
        }

        Optional<String> next() throws IOException {
            return nextBytes().map(token -> new String(token, StandardCharsets.UTF_8));
        }

        Optional<byte[]> nextBytes() throws IOException {
            ByteArrayOutputStream token = new ByteArrayOutputStream();
            while (true) {
                if (position == limit) {
                    limit = in.read(buffer);
                    position = 0;
                    if (limit <= 0) {
                        limit = 0;
                        return token.size() == 0 ? Optional.empty() : Optional.of(token.toByteArray());
                    }
                }
                int end = position;
                while (end < limit && buffer[end] != 0) {
                    end++;
                }
                token.write(buffer, position, end - position);
                position = end;
                if (end < limit) {
                    position++;
                    return Optional.of(token.toByteArray());
                }
            }
        }
    }
}

package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.GitFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a repository looks like at one moment, as far as watching cares. Reading it costs a few small files.
 *
 * @param head commit that is checked out
 * @param branch that is checked out
 * @param stash newest stash
 * @param branches local branches with their commits, as many as {@value #BRANCHES_MAX}
 * @param tips from which history is remembered
 * @param indexMark changes with git's index
 * @param rulesMark changes with the ignore rules that lie outside the work tree
 * @param reflog entries of HEAD's log that were new at this reading, oldest first
 * @param reflogBytes length of HEAD's log
 */
record GitState(
        Optional<String> head,
        Optional<String> branch,
        Optional<String> stash,
        Map<String, String> branches,
        List<String> tips,
        String indexMark,
        String rulesMark,
        List<ReflogEntry> reflog,
        long reflogBytes) {
    private static final int BRANCHES_MAX = 1_000;
    private static final int REFLOG_READ_MAX = 4 << 20;

    /** One line of a reflog. */
    record ReflogEntry(String before, String after, long timeMillis, String message) {
        static Optional<ReflogEntry> parse(String line) {
            int tab = line.indexOf('\t');
            String head = tab < 0 ? line : line.substring(0, tab);
            String[] words = head.split(" ");
            if (words.length < 5 || !words[words.length - 2].matches("\\d{1,12}")) {
                return Optional.empty();
            }
            long seconds = Long.parseLong(words[words.length - 2]);
            return Optional.of(
                    new ReflogEntry(words[0], words[1], seconds * 1000, tab < 0 ? "" : line.substring(tab + 1)));
        }

        /** Finds this entry again. */
        String marker() {
            return timeMillis + " " + after + " " + Integer.toHexString(message.hashCode());
        }
    }

    /**
     * Reads the present state.
     *
     * @param reflogFrom length of HEAD's log at the last reading
     * @param excludesFile the global excludes
     */
    static GitState read(GitFolder git, long reflogFrom, Optional<Path> excludesFile) throws IOException {
        Path log = git.gitDir().resolve("logs/HEAD");
        long length = Files.exists(log) ? Files.size(log) : 0;
        List<ReflogEntry> entries = length > reflogFrom ? tail(log, reflogFrom) : List.of();
        String rulesMark = mark(git.commonDir().resolve("info/exclude"))
                + mark(git.commonDir().resolve("config"))
                + excludesFile.map(GitState::mark).orElse("");
        return new GitState(
                git.head(),
                git.branch(),
                git.resolve("refs/stash"),
                branches(git),
                git.tips(),
                mark(git.gitDir().resolve("index")),
                rulesMark,
                entries,
                length);
    }

    private static List<ReflogEntry> tail(Path log, long from) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        int start = (int) Math.max(Math.min(from, bytes.length), bytes.length - (long) REFLOG_READ_MAX);
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8)
                .lines()
                .map(ReflogEntry::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Map<String, String> branches(GitFolder git) throws IOException {
        Map<String, String> branches = new TreeMap<>();
        Path packed = git.commonDir().resolve("packed-refs");
        if (Files.exists(packed)) {
            for (String line : new String(Files.readAllBytes(packed), StandardCharsets.UTF_8).split("\n")) {
                int at = line.indexOf(" refs/heads/");
                if (at > 0 && branches.size() < BRANCHES_MAX) {
                    branches.put(line.substring(at + " refs/heads/".length()), line.substring(0, at));
                }
            }
        }
        Path heads = git.commonDir().resolve("refs/heads");
        List<Path> loose = new ArrayList<>();
        if (Files.isDirectory(heads)) {
            try (Stream<Path> files = Files.walk(heads)) {
                files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                        .limit(BRANCHES_MAX)
                        .forEach(loose::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        for (Path file : loose) {
            String name = heads.relativize(file).toString();
            if (!name.endsWith(".lock")) {
                git.resolve("refs/heads/" + name).ifPresent(commit -> branches.put(name, commit));
            }
        }
        return branches;
    }

    private static String mark(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + "@" + attributes.lastModifiedTime() + "#" + attributes.fileKey() + ";";
        } catch (NoSuchFileException e) {
            // a file that is not there is a state like another
            return "-;";
        } catch (IOException e) {
            return "unreadable;";
        }
    }
}

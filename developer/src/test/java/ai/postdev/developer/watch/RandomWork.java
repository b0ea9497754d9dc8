package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.PathNames;
import ai.postdev.developer.ingest.TestRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Does to a repository what people, editors and git do, at random, and tells what should be remembered of it. */
public final class RandomWork {
    private static final List<String> NAMES = List.of("a", "b", "c", "main", "util", "x1", "ünï", "sp ace", "log");
    private static final List<String> ENDS = List.of(".java", ".py", ".txt", ".log", "", ".o", ".env", ".pem");
    private static final List<String> RULES =
            List.of("*.log", "*.o", "build/", "/a", "c/", "!keep.log", "b/*.txt", "x1");

    private final TestRepository repository;
    private final Path root;
    private final Random random;
    private final Predicate<String> secret;
    private final ArrayDeque<String> recent = new ArrayDeque<>();
    private int branches;
    private int texts;

    /**
     * Work in {@code repository}.
     *
     * @param secret tells of a path whether its file is never read
     */
    public RandomWork(TestRepository repository, Random random, Predicate<String> secret) {
        this.secret = secret;
        this.repository = repository;
        this.root = repository.root();
        this.random = random;
    }

    /** Makes the files of the first commit. */
    public void begin() {
        for (int file = 0; file < 40; file++) {
            String path = freePath();
            write(path, text(path));
        }
        repository.commit("begin");
    }

    /** The last steps, for people. */
    public String recent() {
        return String.join("; ", recent);
    }

    /** One change of some kind. */
    public void step() {
        int kind = random.nextInt(100);
        if (kind < 30) {
            edit();
        } else if (kind < 45) {
            String path = freePath();
            note("new " + path);
            write(path, random.nextInt(12) == 0 ? "bin\0ary" : text(path));
        } else if (kind < 53) {
            removeSome();
        } else if (kind < 61) {
            moveFile();
        } else if (kind < 65) {
            moveFolder();
        } else if (kind < 67) {
            removeFolder();
        } else if (kind < 72) {
            changeRules();
        } else if (kind < 75) {
            changeIndex();
        } else if (kind < 77) {
            link();
        } else if (kind < 79) {
            nestedRepository();
        } else {
            useGit(kind);
        }
    }

    private void edit() {
        List<String> files = files();
        if (files.isEmpty()) {
            return;
        }
        String path = files.get(random.nextInt(files.size()));
        note("edit " + path);
        switch (random.nextInt(4)) {
            case 0 -> {
                // as editors do: beside, then renamed over
                Path beside = PathNames.resolve(root, path + "~tmp");
                writeTo(beside, text(path));
                move(beside, PathNames.resolve(root, path));
            }
            case 1 -> {
                write(path, "");
                write(path, text(path));
            }
            case 2 -> write(path, "");
            default -> write(path, text(path));
        }
    }

    private void removeSome() {
        List<String> files = files();
        if (!files.isEmpty()) {
            String path = files.get(random.nextInt(files.size()));
            note("remove " + path);
            delete(PathNames.resolve(root, path));
        }
    }

    private void moveFile() {
        List<String> files = files();
        if (!files.isEmpty()) {
            String from = files.get(random.nextInt(files.size()));
            String to = freePath();
            note("move " + from + " to " + to);
            Path target = PathNames.resolve(root, to);
            if (parents(target) && !Files.isDirectory(target)) {
                move(PathNames.resolve(root, from), target);
            }
        }
    }

    private void moveFolder() {
        List<Path> folders = folders();
        if (!folders.isEmpty()) {
            Path from = folders.get(random.nextInt(folders.size()));
            Path to = PathNames.resolve(root, freePath());
            note("move folder " + from + " to " + to);
            if (!to.startsWith(from) && !Files.exists(to) && parents(to)) {
                move(from, to);
            }
        }
    }

    private void removeFolder() {
        List<Path> folders = folders();
        if (!folders.isEmpty()) {
            Path gone = folders.get(random.nextInt(folders.size()));
            note("remove folder " + gone);
            deleteTree(gone);
        }
    }

    private void changeRules() {
        StringBuilder rules = new StringBuilder();
        for (int line = random.nextInt(4); line > 0; line--) {
            rules.append(RULES.get(random.nextInt(RULES.size()))).append('\n');
        }
        List<Path> folders = folders();
        int where = random.nextInt(5);
        Path file = where == 0
                ? root.resolve(".git/info/exclude")
                : where < 3 || folders.isEmpty()
                        ? root.resolve(".gitignore")
                        : folders.get(random.nextInt(folders.size())).resolve(".gitignore");
        note("rules " + file + " " + rules.toString().replace("\n", ","));
        if (rules.isEmpty() && where > 0) {
            delete(file);
        } else {
            writeTo(file, rules.toString());
        }
    }

    private void changeIndex() {
        List<String> files = files();
        if (files.isEmpty()) {
            return;
        }
        String path = ":(literal)" + files.get(random.nextInt(files.size()));
        boolean add = random.nextBoolean();
        note((add ? "add -f " : "rm --cached ") + path);
        if (add) {
            tryGit("add", "-f", path);
        } else {
            tryGit("rm", "-q", "-f", "--cached", path);
        }
    }

    private void link() {
        Path link = PathNames.resolve(root, freePath());
        note("link " + link);
        if (parents(link) && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createSymbolicLink(link, random.nextBoolean() ? root : Path.of("nowhere"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void nestedRepository() {
        Path nested = root.resolve("nested");
        if (Files.exists(nested)) {
            Path git = nested.resolve(".git");
            boolean whole = random.nextBoolean();
            note("remove " + (whole ? "nested repository" : ".git of nested repository"));
            if (whole) {
                deleteTree(nested);
            } else if (Files.exists(git)) {
                deleteTree(git);
            } else {
                TestRepository.create(nested);
            }
        } else {
            note("nested repository");
            TestRepository.create(nested).write("inner.txt", text("inner.txt"));
        }
    }

    private void useGit(int kind) {
        if (kind < 86) {
            note("commit");
            tryGit("add", "-A");
            tryGit("commit", "-q", "-m", "work " + kind);
        } else if (kind < 90) {
            branches++;
            note("new branch " + branches);
            tryGit("checkout", "-q", "-b", "branch" + branches);
        } else if (kind < 94) {
            String to = branches == 0 || random.nextInt(4) == 0 ? "main" : "branch" + (1 + random.nextInt(branches));
            note("checkout -f " + to);
            tryGit("checkout", "-q", "-f", to);
        } else if (kind < 96) {
            note("reset --hard");
            tryGit("reset", "-q", "--hard", random.nextBoolean() ? "HEAD" : "HEAD~1");
        } else if (kind < 98) {
            boolean pop = random.nextBoolean();
            note(pop ? "stash pop" : "stash");
            if (pop) {
                tryGit("stash", "pop", "-q");
            } else if (random.nextBoolean()) {
                tryGit("stash", "push", "-q");
            } else {
                tryGit("stash", "push", "-q", "-u");
            }
        } else {
            switch (random.nextInt(4)) {
                case 0 -> {
                    note("rebase");
                    tryGit("rebase", "-q", "main");
                    tryGit("rebase", "--abort");
                }
                case 1 -> {
                    note("clean");
                    tryGit("clean", "-f", "-d", "-q");
                }
                case 2 -> {
                    note("amend");
                    tryGit("commit", "-q", "--amend", "--allow-empty", "-m", "amended");
                }
                default -> {
                    note("merge");
                    tryGit("merge", "-q", "-m", "merge", "main");
                    tryGit("merge", "--abort");
                }
            }
        }
    }

    /** Some commands cannot be carried out in some states; that is part of life. */
    private void tryGit(String... arguments) {
        try {
            repository.git(arguments);
        } catch (IllegalStateException e) {
            note("(" + arguments[0] + " refused)");
        }
    }

    /** Path to text of every document that should be remembered. */
    public Map<String, String> expected() {
        Map<String, String> expected = new TreeMap<>();
        for (String path : repository.shownFiles()) {
            try {
                String text = new String(Files.readAllBytes(PathNames.resolve(root, path)), StandardCharsets.UTF_8);
                boolean throughLink =
                        !PathNames.resolve(root, path).toRealPath().equals(PathNames.resolve(root, path));
                if (text.indexOf('\0') < 0 && !secret.test(path) && !throughLink) {
                    expected.put(path, text);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return expected;
    }

    /** What of {@code expected} is missing or otherwise in {@code found}, for people; empty if they are equal. */
    public static String difference(Map<String, String> expected, Map<String, String> found) {
        TreeSet<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(found.keySet());
        StringBuilder lines = new StringBuilder();
        for (String path : paths) {
            if (!Objects.equals(expected.get(path), found.get(path))) {
                lines.append(path + ": expected " + expected.get(path) + ", found " + found.get(path) + "\n");
            }
        }
        return lines.toString();
    }

    private void note(String what) {
        recent.add(what.replace(root.toString() + "/", ""));
        if (recent.size() > 60) {
            recent.poll();
        }
    }

    /** A text that was never there before: it has a word and, in a program, definitions of its own. */
    private String text(String path) {
        texts++;
        String word = word(texts);
        String end = random.nextInt(8) == 0 ? "\r\n" : "\n";
        StringBuilder text = new StringBuilder();
        if (path.endsWith(".java")) {
            String type = "Kind" + word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
            text.append("class " + type + " {" + end + "    int " + word + "() {" + end + "        return " + texts
                    + ";" + end + "    }" + end + "}" + end);
        } else if (path.endsWith(".py")) {
            text.append("def " + word + "():" + end + "    return " + texts + end);
        } else {
            text.append("text " + texts + " " + word + end);
        }
        text.append(("line" + end).repeat(random.nextInt(20)));
        if (random.nextInt(6) == 0) {
            text.append("the last line has no end");
        }
        return text.toString();
    }

    /** The word of the text {@code number}: letters only, so that it is one word for every index. */
    public static String word(int number) {
        StringBuilder word = new StringBuilder("zu");
        for (char digit : Integer.toString(number).toCharArray()) {
            word.append("bdfghkmnpt".charAt(digit - '0'));
        }
        return word + "ox";
    }

    /** How many texts were written. */
    public int texts() {
        return texts;
    }

    private String freePath() {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append(NAMES.get(random.nextInt(NAMES.size()))).append('/');
        }
        return path + NAMES.get(random.nextInt(NAMES.size())) + ENDS.get(random.nextInt(ENDS.size()));
    }

    private List<String> files() {
        return seen(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).stream()
                .map(path -> name(path))
                .toList();
    }

    private List<Path> folders() {
        return seen(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** In a fixed order, so that a seed means the same everywhere. */
    private List<Path> seen(Predicate<Path> kind) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root)
                            && !name(path).contains(".git/")
                            && !name(path).endsWith(".git"))
                    .filter(kind)
                    .sorted(Comparator.comparing(this::name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name(Path path) {
        List<String> names = new ArrayList<>();
        for (Path at = path; !at.equals(root); at = at.getParent()) {
            names.addFirst(PathNames.name(at).orElseThrow());
        }
        return String.join("/", names);
    }

    private void write(String path, String text) {
        writeTo(PathNames.resolve(root, path), text);
    }

    private void writeTo(Path file, String text) {
        if (parents(file) && !Files.isDirectory(file) && !Files.isSymbolicLink(file)) {
            try {
                Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes the folders above {@code file}, unless a file or link is in the way. */
    private boolean parents(Path file) {
        for (Path above = file.getParent(); !above.equals(root); above = above.getParent()) {
            if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        try {
            Files.createDirectories(file.getParent());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(RandomWork::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

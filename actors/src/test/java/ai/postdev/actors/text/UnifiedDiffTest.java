package ai.postdev.actors.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.actors.text.UnifiedDiff.Change;
import ai.postdev.v1.Hunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git is the oracle: it applies what we write, and its own diff of the same texts is no shorter. */
class UnifiedDiffTest {
    private static final int ROUNDS = 120;
    private static final List<String> PATHS = List.of("a.txt", "with space/b c.txt", "größe/日本.txt", "quo\"te\\d.txt");

    @TempDir
    private Path dir;

    private static String diff(String path, String before, String after, Change change) {
        return UnifiedDiff.of(path, change, UnifiedDiff.hunks(LineDiff.of(before, after)));
    }

    @Test
    void gitMakesTheNewTextOfTheOldOne() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "no git to compare with");
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("UnifiedDiffTest: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Path tree = Files.createDirectories(dir.resolve("r" + round));
            StringBuilder patch = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (String name : PATHS) {
                String path = round + "-" + name;
                Change change = Change.values()[random.nextInt(Change.values().length)];
                String before = change == Change.CREATED ? "" : text(random);
                String after =
                        change == Change.REMOVED ? "" : random.nextInt(4) == 0 ? text(random) : edited(before, random);
                if (change == Change.MODIFIED && before.equals(after)) {
                    continue;
                }
                if (change != Change.CREATED) {
                    write(tree.resolve(path), before);
                }
                patch.append(diff(path, before, after, change));
                expected.add(path);
                expected.add(change == Change.REMOVED ? null : after);
                if (random.nextInt(4) == 0) {
                    changesNoMoreLinesThanGit(before, after, seed);
                }
            }
            if (!patch.isEmpty()) {
                write(dir.resolve("patch"), patch.toString());
                run(tree, "git", "apply", "--whitespace=nowarn", "../patch");
            }
            for (int i = 0; i < expected.size(); i += 2) {
                Path file = tree.resolve(expected.get(i));
                if (expected.get(i + 1) == null) {
                    assertFalse(Files.exists(file), "seed " + seed + ": " + file);
                } else {
                    assertEquals(expected.get(i + 1), Files.readString(file), "seed " + seed + "\n" + patch);
                }
            }
        }
    }

    private void changesNoMoreLinesThanGit(String before, String after, long seed) throws Exception {
        LineDiff ours = LineDiff.of(before, after);
        assertTrue(ours.minimal());
        write(dir.resolve("left"), before);
        write(dir.resolve("right"), after);
        String stat = run(dir, "git", "diff", "--no-index", "--minimal", "--numstat", "left", "right");
        String[] git = stat.isEmpty() ? new String[] {"0", "0"} : stat.split("\t", 3);
        int added = Integer.parseInt(git[0]);
        // Lines that occur often are left out of git's search, so now and then it changes a few more than it must.
        assertTrue(ours.added() <= added, "seed " + seed + ": " + ours.added() + " lines are added, by git " + added);
        assertEquals(added - Integer.parseInt(git[1]), ours.added() - ours.removed(), "seed " + seed);
    }

    @Test
    void hunksAreThoseOfGit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "no git to compare with");
        List<String> lines =
                IntStream.range(0, 60).mapToObj(i -> "line " + i + "\n").toList();
        // Lines that are all different leave git no choice, so its hunks are ours, byte for byte.
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("UnifiedDiffTest: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> after = new ArrayList<>(lines);
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(after.size());
                switch (random.nextInt(3)) {
                    case 0 -> after.remove(at);
                    case 1 -> after.add(at, "new " + i + "\n");
                    default -> after.set(at, "changed " + i + "\n");
                }
            }
            String before = String.join("", lines);
            String changed = String.join("", after);
            write(dir.resolve("left"), before);
            write(dir.resolve("right"), changed);
            String git = run(dir, "git", "diff", "--no-index", "--no-indent-heuristic", "left", "right");
            String ours = UnifiedDiff.hunks(LineDiff.of(before, changed)).stream()
                    .map(hunk -> UnifiedDiff.head(hunk) + "\n" + String.join("\n", hunk.getLinesList()) + "\n")
                    .collect(Collectors.joining());
            int hunks = git.indexOf("@@");
            String theirs = hunks < 0 ? "" : git.substring(hunks).replaceAll("(?m)^(@@ .* @@).*$", "$1");
            assertEquals(theirs, ours, "seed " + seed);
        }
    }

    @Test
    void textsThatShareNothingAreOneEditAtOnce() {
        String before = IntStream.range(0, 40_000).mapToObj(i -> "a" + i + "\n").collect(Collectors.joining());
        String after = IntStream.range(0, 40_000).mapToObj(i -> "b" + i + "\n").collect(Collectors.joining());
        LineDiff diff = LineDiff.of(before, after);
        assertTrue(diff.minimal());
        assertEquals(List.of(new LineDiff.Edit(0, 40_000, 0, 40_000)), diff.edits());
    }

    @Test
    void whatCannotBeComparedInTimeIsSaidToBe() {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(
                IntStream.range(0, 20_000).mapToObj(i -> "a" + i + "\n").toList());
        String before = String.join("", lines);
        Collections.shuffle(lines, random);
        LineDiff diff = LineDiff.of(before, String.join("", lines));
        assertFalse(diff.minimal());
        assertEquals(1, diff.edits().size());
    }

    @Test
    void anEmptyFileHasNoHunks() {
        List<Hunk> hunks = UnifiedDiff.hunks(LineDiff.of("", ""));
        assertEquals("diff --git a/x b/x\nnew file mode 100644\n", UnifiedDiff.of("x", Change.CREATED, hunks));
    }

    private static String text(Random random) {
        if (random.nextInt(6) == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            text.append(line(random));
        }
        return random.nextBoolean() && text.length() > 1 ? text.substring(0, text.length() - 1) : text.toString();
    }

    private static String line(Random random) {
        String word = List.of("", "x", "  y", "}", "größer", "\ttab", "same", "-minus", "+plus", "@@ -1 +1 @@")
                .get(random.nextInt(10));
        return word + (random.nextInt(3) == 0 ? random.nextInt(5) : "") + (random.nextInt(5) == 0 ? "\r\n" : "\n");
    }

    private static String edited(String text, Random random) {
        List<String> lines = new ArrayList<>(LineDiff.lines(text));
        for (int i = random.nextInt(6); i > 0; i--) {
            int at = random.nextInt(lines.size() + 1);
            if (random.nextBoolean() || at == lines.size()) {
                if (at == lines.size() && at > 0 && !lines.getLast().endsWith("\n")) {
                    at--;
                }
                lines.add(at, line(random));
            } else {
                lines.remove(at);
            }
        }
        return String.join("", lines);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String run(Path folder, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("GIT_CEILING_DIRECTORIES", folder.getParent().toString());
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        boolean diff = List.of(command).contains("diff");
        assertTrue(code == 0 || diff && code == 1, String.join(" ", command) + " ended with " + code + ": " + output);
        return output;
    }
}

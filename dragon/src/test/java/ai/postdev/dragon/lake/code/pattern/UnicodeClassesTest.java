package ai.postdev.dragon.lake.code.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every code point against ripgrep's own tables, as far as its version of Unicode knows the code point. */
@Tag("campaign")
class UnicodeClassesTest {
    private static final String FILE = "all";

    /** Code points that may differ for one class: Unicode changed some since the version that ripgrep 13 has. */
    private static final int CHANGED_MAX = 40;

    @BeforeEach
    void needsRipgrep() {
        if (!Ripgrep.installed()) {
            System.out.println("SKIPPED: ripgrep is not installed, so its Unicode tables were not compared with");
            Assumptions.abort("ripgrep is not installed");
        }
    }

    private static String write(Path folder, IntStream codePoints) throws IOException {
        StringBuilder text = new StringBuilder();
        codePoints.forEach(c -> text.append('x').appendCodePoint(c).append('\n'));
        Files.writeString(folder.resolve(FILE), text);
        return text.toString();
    }

    private static TreeSet<Integer> ours(String regex, byte[] utf8) throws InvalidPatternException {
        TreeSet<Integer> lines = new TreeSet<>();
        LineMatcher matcher = LinePattern.regex(regex, false).matcher(() -> false);
        int line = 1;
        int counted = 0;
        for (int at = 0; matcher.find(utf8, at); at = matcher.lineEnd() + 1) {
            for (; counted < matcher.lineStart(); counted++) {
                line += utf8[counted] == '\n' ? 1 : 0;
            }
            lines.add(line);
        }
        return lines;
    }

    private static TreeSet<Integer> theirs(Path folder, String regex) throws IOException, InterruptedException {
        Map<String, TreeSet<Integer>> lines = Ripgrep.lines(folder, regex, false, false);
        return lines.getOrDefault(FILE, new TreeSet<>());
    }

    @Test
    void classesHoldTheSameCodePoints(@TempDir Path folder) throws Exception {
        int[] all = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(c -> c != '\n' && c != 0xFEFF && (c < 0xD800 || c > 0xDFFF))
                .toArray();
        byte[] utf8 = write(folder, IntStream.of(all)).getBytes(StandardCharsets.UTF_8);
        TreeSet<Integer> unknown = theirs(folder, "^x\\p{Cn}$");
        for (String set : List.of(
                "\\w",
                "\\d",
                "\\s",
                "\\p{L}",
                "\\p{Lu}",
                "\\p{Ll}",
                "\\p{N}",
                "\\p{P}",
                "\\p{S}",
                "\\p{M}",
                "\\p{Z}",
                "\\p{C}",
                "\\p{Greek}",
                "\\p{Cyrillic}",
                "\\p{Han}",
                "\\p{Latin}",
                "\\p{Alphabetic}",
                "\\p{Uppercase}",
                "\\p{Lowercase}",
                "\\p{White_Space}",
                "(?i)\\p{Lu}",
                "(?i)[a-z]",
                "(?i)[^a-z]",
                ".",
                "\\W",
                "[[:^alpha:]]")) {
            TreeSet<Integer> expected = theirs(folder, "^x" + set + "$");
            TreeSet<Integer> found = ours("^x" + set + "$", utf8);
            TreeSet<Integer> different = new TreeSet<>(expected);
            different.removeAll(found);
            TreeSet<Integer> more = new TreeSet<>(found);
            more.removeAll(expected);
            different.addAll(more);
            different.removeAll(unknown);
            List<String> named = different.stream()
                    .map(line -> String.format("U+%04X", all[line - 1]))
                    .toList();
            System.out.println(set + ": " + found.size() + " code points, different " + named);
            assertTrue(named.size() <= CHANGED_MAX, set + " differs at " + named);
        }
    }

    @Test
    void foldsTheSameLettersTogether(@TempDir Path folder) throws Exception {
        int[] cased = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .filter(c -> Character.toLowerCase(c) != c || Character.toUpperCase(c) != c || c == 0x131)
                .toArray();
        byte[] utf8 = write(folder, IntStream.of(cased)).getBytes(StandardCharsets.UTF_8);
        TreeSet<Integer> unknown = theirs(folder, "^x\\p{Cn}$");
        List<String> different = new ArrayList<>();
        for (int i = 0; i < cased.length; i++) {
            int c = cased[i];
            if (unknown.contains(i + 1)) {
                continue;
            }
            String regex = String.format("(?i)^x\\x{%X}$", c);
            TreeSet<Integer> expected = theirs(folder, regex);
            TreeSet<Integer> found = ours(regex, utf8);
            found.removeAll(unknown);
            expected.removeAll(unknown);
            if (!found.equals(expected)) {
                different.add(regex + " theirs " + expected + " ours " + found);
            }
        }
        System.out.println(cased.length + " letters, different: " + different);
        assertEquals(List.of(), different);
    }
}

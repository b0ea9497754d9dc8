package ai.postdev.benchmarks.lake;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What it takes to parse a file that was saved, symbols and chunks in it, for each language of some folders, printed: CPU of the
 * one thread, all files three times, the last time counted; as a whole, and as the next version of a text parsed right before,
 * a letter more in a name at a third and at two thirds of it. {@code ParseTimes FOLDER...}, with
 * {@code -Dtree-sitter-lib=FOLDER} for the optimised parsers.
 */
public final class ParseTimes {
    private static final int FILES_MAX = 2_000;
    private static final int ROUNDS = 3;
    private static final double AIM_MILLIS = 5;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ParseTimes() {}

    /** Measures. */
    public static void main(String[] args) throws IOException {
        Map<Language, List<Path>> byLanguage = new TreeMap<>();
        for (String folder : args) {
            try (Stream<Path> walk = Files.walk(Path.of(folder))) {
                walk.filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file -> byLanguage
                                .computeIfAbsent(Language.ofPath(file.toString()), _ -> new ArrayList<>())
                                .add(file));
            }
        }
        for (Map.Entry<Language, List<Path>> entry : byLanguage.entrySet()) {
            List<Path> files = entry.getValue().stream().limit(FILES_MAX).toList();
            try (TreeSitterSyntax syntax = new TreeSitterSyntax(SyntaxSettings.defaults())) {
                times(syntax, entry.getKey(), files);
            }
        }
    }

    private static void times(TreeSitterSyntax syntax, Language language, List<Path> files) throws IOException {
        double[] whole = new double[files.size()];
        double[] again = new double[files.size()];
        long bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            bytes = 0;
            for (int i = 0; i < whole.length; i++) {
                byte[] text = Files.readAllBytes(files.get(i));
                bytes += text.length;
                whole[i] = millis(syntax, language, text);
                again[i] = millis(syntax, language, edited(text));
            }
        }
        print(language.id(), "whole", whole, bytes);
        print(language.id(), "again", again, bytes);
    }

    private static double millis(TreeSitterSyntax syntax, Language language, byte[] text) {
        long before = THREADS.getCurrentThreadCpuTime();
        syntax.parse(language, text);
        return (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
    }

    private static byte[] edited(byte[] text) {
        ByteArrayOutputStream edited = new ByteArrayOutputStream(text.length + 2);
        int first = name(text, text.length / 3);
        int second = Math.max(first, name(text, text.length / 3 * 2));
        edited.write(text, 0, first);
        edited.write('q');
        edited.write(text, first, second - first);
        edited.write('q');
        edited.write(text, second, text.length - second);
        return edited.toByteArray();
    }

    /** The first place from one on that is inside a name and surely not in a keyword: {@code aB} or {@code a_}. */
    private static int name(byte[] text, int from) {
        int at = Math.max(from, 1);
        while (at < text.length
                && !(Character.isLowerCase(text[at - 1]) && (Character.isUpperCase(text[at]) || text[at] == '_'))) {
            at++;
        }
        return Math.min(at, text.length);
    }

    private static void print(String language, String how, double[] millis, long bytes) {
        double all = Arrays.stream(millis).sum();
        Arrays.sort(millis);
        long above = Arrays.stream(millis).filter(one -> one > AIM_MILLIS).count();
        System.out.printf(
                Locale.ROOT,
                "%-12s %s %,6d files, %6.1f MB, %5.1f MB a second; a file p50 %.2f, p95 %.2f, p99 %.2f, most %.1f ms; %d above %.0f"
                        + " ms%n",
                language,
                how,
                millis.length,
                bytes / 1e6,
                bytes / 1e3 / all,
                millis[millis.length / 2],
                millis[millis.length * 95 / 100],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1],
                above,
                AIM_MILLIS);
    }
}

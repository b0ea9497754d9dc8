package ai.postdev.benchmarks.lake;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
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
 * What it takes to parse a file again that was saved, symbols and chunks in it, for each language of some folders, printed: CPU of
 * the one thread, all files twice, the second time counted. {@code ParseTimes FOLDER...}, with
 * {@code -Dtree-sitter-lib=FOLDER} for the optimised parsers.
 */
public final class ParseTimes {
    private static final int FILES_MAX = 5_000;
    private static final double AIM_MILLIS = 5;

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
        try (TreeSitterSyntax syntax = new TreeSitterSyntax(SyntaxSettings.defaults())) {
            for (Map.Entry<Language, List<Path>> entry : byLanguage.entrySet()) {
                times(
                        syntax,
                        entry.getKey(),
                        entry.getValue().stream().limit(FILES_MAX).toList());
            }
        }
    }

    private static void times(TreeSitterSyntax syntax, Language language, List<Path> files) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] millis = new double[files.size()];
        long bytes = 0;
        long most = 0;
        for (int round = 0; round < 2; round++) {
            bytes = 0;
            most = 0;
            for (int i = 0; i < millis.length; i++) {
                byte[] text = Files.readAllBytes(files.get(i));
                long before = threads.getCurrentThreadCpuTime();
                syntax.parse(language, text);
                millis[i] = (threads.getCurrentThreadCpuTime() - before) / 1e6;
                bytes += text.length;
                most = millis[i] <= AIM_MILLIS ? Math.max(most, text.length) : most;
            }
        }
        double all = Arrays.stream(millis).sum();
        Arrays.sort(millis);
        long above = Arrays.stream(millis).filter(one -> one > AIM_MILLIS).count();
        System.out.printf(
                Locale.ROOT,
                "%-12s %,6d files, %6.1f MB, %5.1f MB a second; a file p50 %.2f, p95 %.2f, p99 %.2f, most %.1f ms; %d above"
                        + " %.0f ms; the largest below it %,d bytes%n",
                language.id(),
                millis.length,
                bytes / 1e6,
                bytes / 1e3 / all,
                millis[millis.length / 2],
                millis[millis.length * 95 / 100],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1],
                above,
                AIM_MILLIS,
                most);
    }
}

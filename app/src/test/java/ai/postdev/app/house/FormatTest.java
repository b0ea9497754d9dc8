package ai.postdev.app.house;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every source is in Palantir format. It runs as a test because the formatter is built on the compiler's parser: the
 * build's JDK 25 runs it even where Maven itself runs on an older JDK. {@code -Dpostdevai.format=write} mends the files.
 */
class FormatTest {
    private static final boolean WRITE = "write".equals(System.getProperty("postdevai.format"));

    @Test
    void everySourceIsFormatted() throws IOException {
        Path house = House.root();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(house)) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    // Sources below resources are samples for the parsers, odd on purpose.
                    .filter(file -> !house.relativize(file).toString().contains("/resources/"))
                    .filter(file -> !house.relativize(file).toString().contains("target/"))
                    .toList();
        }
        assertTrue(sources.size() > 10, "expected the sources of the house below " + house);
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        sources.parallelStream().forEach(source -> check(house, formatter, source, wrong));
        assertTrue(
                wrong.isEmpty(),
                wrong.size() + " files are not formatted; run mvn -pl app -am test -Dtest=FormatTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dpostdevai.format=write\n"
                        + String.join("\n", wrong));
    }

    private static void check(Path house, Formatter formatter, Path source, ConcurrentLinkedQueue<String> wrong) {
        try {
            String text = Files.readString(source);
            String formatted = formatter.formatSource(ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.PALANTIR));
            if (formatted.equals(text)) {
                return;
            }
            if (WRITE) {
                Files.writeString(source, formatted);
            } else {
                wrong.add(house.relativize(source).toString());
            }
        } catch (IOException | FormatterException e) {
            wrong.add(house.relativize(source) + ": " + e.getMessage());
        }
    }
}

package ai.postdev.app.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.app.cli.ManualPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference pages say what the code says. {@code -Dpostdevai.docs=write} writes them anew. */
class ReferenceTest {
    private static final boolean WRITE = "write".equals(System.getProperty("postdevai.docs"));
    private static final String ADVICE = "is out of date; run mvn -pl app -am test -Dtest=ReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dpostdevai.docs=write";

    private final Path house = House.root();

    @Test
    void configurationPageIsCurrent() throws IOException {
        check("docs/reference/configuration.md", ConfigurationPage.render(house));
    }

    @Test
    void commandPageIsCurrent() throws IOException {
        check("docs/reference/cli.md", ManualPage.render());
    }

    @Test
    void apiPageIsCurrent() throws IOException {
        check("docs/reference/api.md", ApiPage.render(house));
    }

    @Test
    void metricsPageIsCurrent() throws IOException {
        check("docs/reference/metrics.md", MetricsReference.render());
    }

    @Test
    void everyConfigurationKeyIsExplained() throws IOException {
        assertEquals(List.of(), ConfigurationPage.uncommented(house));
    }

    private void check(String page, String expected) throws IOException {
        Path file = house.resolve(page);
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertEquals(expected, Files.exists(file) ? Files.readString(file) : "", page + " " + ADVICE);
    }
}

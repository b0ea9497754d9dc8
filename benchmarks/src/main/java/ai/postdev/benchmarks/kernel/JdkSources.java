package ai.postdev.benchmarks.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Real text that every JDK brings: its own sources. */
final class JdkSources {
    private JdkSources() {}

    /** Sources of {@code java.util}, in the order of their names, until they are so many bytes. */
    static List<byte[]> of(int bytes) throws IOException {
        Path zip = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (!Files.exists(zip)) {
            throw new IOException("the JDK's sources are not at " + zip + "; install the JDK's package of sources");
        }
        List<byte[]> texts = new ArrayList<>();
        try (ZipFile sources = new ZipFile(zip.toFile())) {
            List<? extends ZipEntry> entries = sources.stream()
                    .filter(entry -> entry.getName().startsWith("java.base/java/util/"))
                    .filter(entry -> entry.getName().endsWith(".java"))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            int taken = 0;
            for (int i = 0; i < entries.size() && taken < bytes; i++) {
                try (InputStream in = sources.getInputStream(entries.get(i))) {
                    byte[] text = in.readAllBytes();
                    texts.add(text);
                    taken += text.length;
                }
            }
        }
        return texts;
    }
}

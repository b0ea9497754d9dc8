package ai.postdev.dragon.model.catalogue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes wheels. */
final class TestWheel {
    private final String name;
    private final String version;
    private final StringBuilder metadata = new StringBuilder();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestWheel(String name, String version) {
        this.name = name;
        this.version = version;
        metadata.append("Metadata-Version: 2.4\nName: ")
                .append(name)
                .append("\nVersion: ")
                .append(version)
                .append('\n');
    }

    TestWheel header(String line) {
        metadata.append(line).append('\n');
        return this;
    }

    TestWheel entry(String path, byte[] bytes) {
        entries.put(path, bytes);
        return this;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String base = name.replaceAll("[-.]", "_");
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
            zip.putNextEntry(new ZipEntry(base + "-" + version + ".dist-info/METADATA"));
            zip.write((metadata + "\nLicense: not this one, it is the text\n").getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return out.toByteArray();
    }

    /** Puts it where {@link FakePip} finds it. */
    Path into(Path index) throws IOException {
        return Files.write(
                Files.createDirectories(index)
                        .resolve(name.replaceAll("[-.]", "_") + "-" + version + "-py3-none-any.whl"),
                bytes());
    }
}

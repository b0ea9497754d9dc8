package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * What a snapshot consists of, and what it reflects. A file that is not what was written, be it damaged or that of another
 * lake, is known by its length and checksum; the text of the manifest carries one of its own.
 *
 * @param position the operations that the files reflect
 * @param files by name
 */
record SnapshotManifest(VersionVector position, Map<String, Sum> files) {
    private static final String ORIGIN = "origin";
    private static final String FILE = "file";
    private static final String CHECKSUM = "crc32c ";
    private static final int BUFFER = 1 << 16;

    SnapshotManifest {
        files = Map.copyOf(files);
    }

    /**
     * What a file must be.
     *
     * @param bytes its length
     * @param crc32c of all of them
     */
    record Sum(long bytes, long crc32c) {
        /** Of all that {@code in} gives. */
        static Sum of(InputStream in) throws IOException {
            CheckedInputStream checked = new CheckedInputStream(in, new CRC32C());
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int count = checked.read(buffer); count >= 0; count = checked.read(buffer)) {
                bytes += count;
            }
            return new Sum(bytes, checked.getChecksum().getValue());
        }
    }

    /** As text: a line for each origin and file, and one with the checksum of those before it. */
    String text() {
        StringBuilder rows = new StringBuilder();
        position.sequences()
                .forEach((origin, sequence) -> rows.append(ORIGIN + " ")
                        .append(origin)
                        .append(' ')
                        .append(sequence)
                        .append('\n'));
        new TreeMap<>(files)
                .forEach((name, sum) -> rows.append(FILE + " ")
                        .append(name)
                        .append(' ')
                        .append(sum.bytes())
                        .append(' ')
                        .append(Long.toHexString(sum.crc32c()))
                        .append('\n'));
        return rows + CHECKSUM + checksum(rows.toString()) + "\n";
    }

    /** Reads {@link #text}; empty if it is not what was written. */
    static Optional<SnapshotManifest> of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String rows = text.substring(0, Math.max(0, text.lastIndexOf(CHECKSUM)));
        if (!text.equals(rows + CHECKSUM + checksum(rows) + "\n")) {
            return Optional.empty();
        }
        VersionVector position = VersionVector.EMPTY;
        Map<String, Sum> files = new TreeMap<>();
        for (String row : rows.lines().toList()) {
            String[] parts = row.split(" ");
            switch (parts[0]) {
                case ORIGIN -> position = position.with(new Origin(parts[1]), Long.parseLong(parts[2]));
                case FILE -> files.put(parts[1], new Sum(Long.parseLong(parts[2]), Long.parseLong(parts[3], 16)));
                default -> {
                    return Optional.empty(); // of a newer version
                }
            }
        }
        return Optional.of(new SnapshotManifest(position, files));
    }

    private static String checksum(String rows) {
        CRC32C crc = new CRC32C();
        crc.update(rows.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}

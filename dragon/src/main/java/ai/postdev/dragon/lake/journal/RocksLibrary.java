package ai.postdev.dragon.lake.journal;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native library from a copy beside the journal. Left to itself it writes 17 MB to the temporary folder
 * at every start, and a killed process leaves them there.
 */
final class RocksLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(RocksLibrary.class);

    private static final int BUFFER = 1 << 16;

    private static boolean loaded; // guarded by the class

    private RocksLibrary() {}

    /** Loads the library, from the copy under {@code dir}, made if need be; once for the process. */
    static synchronized void load(Path dir) {
        if (loaded) {
            return;
        }
        URL inJar = RocksDB.class.getResource("/" + Environment.getJniLibraryFileName("rocksdb"));
        // Given folders to look in, RocksDB looks for another name than the one in its jar.
        String name = Environment.getJniLibraryFileName("rocksdbjni");
        try {
            if (inJar != null && inJar.openConnection() instanceof JarURLConnection jar) {
                // The checksum names the copy, so that another version of the jar gets another one.
                long crc = jar.getJarEntry().getCrc();
                Path copy = dir.resolve(Long.toHexString(crc));
                extract(inJar, copy, name, crc);
                RocksDB.loadLibrary(List.of(copy.toString()));
                loaded = true;
                return;
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.warn("RocksDB's library was not loaded from {} ({}), taking the temporary folder", dir, e.toString());
        }
        RocksDB.loadLibrary();
        loaded = true;
    }

    /** A copy that is not what it was, after a cut of the power or by damage, would end the process when it is loaded. */
    static void extract(URL inJar, Path copy, String name, long crc) throws IOException {
        if (Files.exists(copy.resolve(name)) && crc(copy.resolve(name)) == crc) {
            return;
        }
        Files.createDirectories(copy);
        Path partial = Files.createTempFile(copy, name, ".partial");
        try (InputStream in = inJar.openStream()) {
            Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(partial, copy.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static long crc(Path file) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                continue;
            }
        }
        return crc.getValue();
    }
}

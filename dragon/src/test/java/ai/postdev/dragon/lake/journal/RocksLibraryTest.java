package ai.postdev.dragon.lake.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksLibraryTest {
    @TempDir
    Path dir;

    @Test
    void aCopyThatIsNotWhatItWasIsMadeAgain() throws Exception {
        Path original = dir.resolve("original");
        byte[] library = new byte[200_000];
        JournalTrial.random("library").nextBytes(library);
        Files.write(original, library);
        CRC32 crc = new CRC32();
        crc.update(library);
        URL url = original.toUri().toURL();
        Path copies = dir.resolve("copies");
        Path copy = copies.resolve("lib");

        RocksLibrary.extract(url, copies, "lib", crc.getValue());
        assertArrayEquals(library, Files.readAllBytes(copy));
        Object first = Files.getAttribute(copy, "unix:ino");
        RocksLibrary.extract(url, copies, "lib", crc.getValue());
        assertEquals(first, Files.getAttribute(copy, "unix:ino"), "a whole copy is not made again");

        byte[] damaged = library.clone();
        damaged[100_000] ^= 1;
        for (byte[] found : new byte[][] {damaged, new byte[library.length], new byte[0]}) {
            Files.write(copy, found);
            RocksLibrary.extract(url, copies, "lib", crc.getValue());
            assertArrayEquals(library, Files.readAllBytes(copy));
        }
    }
}

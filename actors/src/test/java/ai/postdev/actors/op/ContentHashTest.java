package ai.postdev.actors.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    private static final int CASES = 2_000;

    @Test
    void knownTextsHaveTheHashesOfTheStandard() {
        // FIPS 180-2, appendix B, and the empty message.
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                ContentHash.of("abc").hex());
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                ContentHash.of("").hex());
    }

    @Test
    void bytesAndHexComeBack() {
        Random random = Seed.random("content hash");
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = bytes(random);
            ContentHash hash = ContentHash.fromBytes(bytes);
            assertArrayEquals(bytes, hash.toBytes());
            assertEquals(hash, ContentHash.fromHex(hash.hex()));
        }
    }

    @Test
    void orderIsThatOfTheBytes() {
        Random random = Seed.random("content hash order");
        for (int i = 0; i < CASES; i++) {
            byte[] a = bytes(random);
            byte[] b = a.clone();
            b[random.nextInt(b.length)] ^= (byte) (1 << random.nextInt(8));
            assertEquals(
                    Integer.signum(Arrays.compareUnsigned(a, b)),
                    Integer.signum(ContentHash.fromBytes(a).compareTo(ContentHash.fromBytes(b))));
            assertEquals(0, ContentHash.fromBytes(a).compareTo(ContentHash.fromBytes(a.clone())));
        }
    }

    @Test
    void aPartOfAnArrayHashesLikeItsCopy() {
        Random random = Seed.random("content hash part");
        byte[] content = new byte[1_000];
        random.nextBytes(content);
        int from = random.nextInt(500);
        int length = random.nextInt(500);
        assertEquals(
                ContentHash.of(Arrays.copyOfRange(content, from, from + length)),
                ContentHash.of(content, from, length));
    }

    @Test
    void aWrongLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ContentHash.fromBytes(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> ContentHash.fromHex("abcd"));
        assertThrows(IllegalArgumentException.class, () -> ContentHash.fromHex("zz".repeat(32)));
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[ContentHash.BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}

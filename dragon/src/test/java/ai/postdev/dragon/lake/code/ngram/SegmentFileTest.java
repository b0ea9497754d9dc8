package ai.postdev.dragon.lake.code.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

class SegmentFileTest {
    private static final String[] TEXTS = {"abcd\nabc\n", "xabc", "naïve\n"};

    private static TextKey key(int number) {
        return new TextKey(ContentHash.of(TEXTS[number]), number == 1 ? Language.TEXT : Language.JAVA);
    }

    private static final ToIntFunction<TextKey> NUMBERS = key -> {
        for (int number = 0; number < TEXTS.length; number++) {
            if (key(number).equals(key)) {
                return number;
            }
        }
        return -1;
    };

    private static Segment segment() {
        SegmentBuilder builder = new SegmentBuilder();
        for (int number = 0; number < TEXTS.length; number++) {
            assertTrue(builder.add(number, TEXTS[number].getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build();
    }

    private static byte[] bytes() throws IOException {
        ByteBuffer buffer = SegmentFile.bytes(segment(), SegmentFileTest::key);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Segment written = segment();
        Segment read = SegmentFile.segment(ByteBuffer.wrap(bytes()), NUMBERS);
        assertArrayEquals(written.blobs, read.blobs);
        assertArrayEquals(written.starts, read.starts);
        assertArrayEquals(written.lines, read.lines);
        assertArrayEquals(written.grams, read.grams);
        assertArrayEquals(written.offsets, read.offsets);
        assertArrayEquals(written.data, read.data);
        assertEquals(written.textBytes(), read.textBytes());
    }

    /** The format as it was written down; a change needs another number. */
    @Test
    void theFormatStays() throws IOException {
        byte[] bytes = bytes();
        String hex = HexFormat.of().formatHex(bytes);
        String head = "50444752" + "00000001" + "00000003" + "00000003" + "00000007" + "00000008" + "0000000000000014";
        assertEquals(head, hex.substring(0, head.length()));
        String first = ContentHash.of(TEXTS[0]).hex() + "04"
                + HexFormat.of().formatHex("java".getBytes(StandardCharsets.UTF_8)) + "00000001";
        assertEquals(first, hex.substring(head.length(), head.length() + first.length()));
        assertEquals(
                "eece0a80b29447b8d12aac594529681fa05d024df428e6ae5f856ef2c538875c",
                ContentHash.of(bytes).hex());
    }

    @Test
    void noChangedBytePasses() throws IOException {
        byte[] whole = bytes();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            assertThrows(IOException.class, () -> SegmentFile.segment(ByteBuffer.wrap(changed), NUMBERS), "byte " + at);
        }
    }

    @Test
    void noCutPasses() throws IOException {
        byte[] whole = bytes();
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();
            assertThrows(IOException.class, () -> SegmentFile.segment(cut, NUMBERS), "length " + length);
        }
    }

    @Test
    void anotherFormatIsNamed() throws IOException {
        byte[] newer = bytes();
        newer[7] = 2;
        IOException refused =
                assertThrows(IOException.class, () -> SegmentFile.segment(ByteBuffer.wrap(newer), NUMBERS));
        assertEquals("it has format 2, this version reads 1", refused.getMessage());
    }

    @Test
    void aTextThatHasNoNumberHereIsRefused() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(bytes());
        assertThrows(IOException.class, () -> SegmentFile.segment(bytes, _ -> -1));
    }
}

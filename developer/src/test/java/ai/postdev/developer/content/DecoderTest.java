package ai.postdev.developer.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static final long SEED = Long.getLong("postdevai.seed", 20261124L);
    private static final String TEXT = "Grüße, größte Öfen — “quoted” text.\nclass Ä { }\n";

    @Test
    void utf8IsPassedOnUntouched() {
        byte[] content = (TEXT + "名前 😀").getBytes(StandardCharsets.UTF_8);
        Decoded.Text text = assertInstanceOf(Decoded.Text.class, Decoder.decode(content));
        assertSame(content, text.utf8());
        assertEquals("UTF-8", text.charset());
    }

    @Test
    void byteOrderMarksAreReadAndDropped() {
        check(bytes("\uFEFF" + TEXT, StandardCharsets.UTF_8), "UTF-8", TEXT);
        check(bytes("\uFEFF" + TEXT, StandardCharsets.UTF_16LE), "UTF-16LE", TEXT);
        check(bytes("\uFEFF" + TEXT, StandardCharsets.UTF_16BE), "UTF-16BE", TEXT);
        check(bytes("\uFEFF" + TEXT, Charset.forName("UTF-32LE")), "UTF-32LE", TEXT);
        check(bytes("\uFEFF" + TEXT, Charset.forName("UTF-32BE")), "UTF-32BE", TEXT);
    }

    @Test
    void utf16WithoutAMarkIsRecognised() {
        check(bytes(TEXT, StandardCharsets.UTF_16LE), "UTF-16LE", TEXT);
        check(bytes(TEXT, StandardCharsets.UTF_16BE), "UTF-16BE", TEXT);
    }

    @Test
    void westernSingleByteTextIsDecoded() {
        check(bytes(TEXT, Charset.forName("windows-1252")), "windows-1252", TEXT);
        check(bytes("Café crème, déjà vu\n", StandardCharsets.ISO_8859_1), "ISO-8859-1", "Café crème, déjà vu\n");
    }

    @Test
    void anythingWithANulByteIsBinary() {
        byte[] content = ("line\n".repeat(100) + "\0" + "line\n".repeat(100)).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "binary: a NUL byte at offset 500",
                assertInstanceOf(Decoded.Binary.class, Decoder.decode(content)).reason());
    }

    @Test
    void compressedAndRandomBytesAreBinary() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            byte[] noise = new byte[200 + random.nextInt(5_000)];
            random.nextBytes(noise);
            for (int i = 0; i < noise.length; i++) {
                noise[i] = noise[i] == 0 ? 1 : noise[i];
            }
            assertInstanceOf(Decoded.Binary.class, Decoder.decode(noise), "seed " + SEED + " round " + round);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(TEXT.repeat(50).getBytes(StandardCharsets.UTF_8));
        }
        assertInstanceOf(Decoded.Binary.class, Decoder.decode(packed.toByteArray()));
    }

    @Test
    void logsWithTerminalColoursAreText() {
        byte[] log = "\u001b[31mERROR\u001b[0m x\n".repeat(50).getBytes(StandardCharsets.UTF_8);
        assertInstanceOf(Decoded.Text.class, Decoder.decode(log));
    }

    @Test
    void anEmptyFileIsText() {
        assertEquals(
                0,
                assertInstanceOf(Decoded.Text.class, Decoder.decode(new byte[0]))
                        .utf8()
                        .length);
    }

    @Test
    void brokenUtf16IsBinaryWithTheReason() {
        byte[] content = {(byte) 0xff, (byte) 0xfe, 'a', 0, 0, (byte) 0xd8, 'b', 0};
        assertTrue(assertInstanceOf(Decoded.Binary.class, Decoder.decode(content))
                .reason()
                .contains("UTF-16LE"));
    }

    private static void check(byte[] content, String charset, String expected) {
        Decoded.Text text = assertInstanceOf(Decoded.Text.class, Decoder.decode(content));
        assertEquals(charset, text.charset());
        assertEquals(expected, new String(text.utf8(), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}

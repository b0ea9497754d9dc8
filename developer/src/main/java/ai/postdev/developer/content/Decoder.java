package ai.postdev.developer.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes text of the bytes of a file, or says that it is none. In order: byte order marks; UTF-16 without a mark, told by
 * where its NUL bytes lie; a NUL elsewhere is binary (ripgrep's rule); valid UTF-8; else a single-byte encoding unless
 * too many bytes are control characters.
 */
public final class Decoder {
    /** Bytes at the beginning that tell UTF-16 without a mark. */
    static final int SAMPLE = 4096;

    /** More control characters than one in so many bytes make a file binary. */
    static final int CONTROL_SHARE = 50;

    private static final Charset WINDOWS = Charset.isSupported("windows-1252") ? Charset.forName("windows-1252") : null;
    private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Decoder() {}

    /** Decodes a whole file. */
    public static Decoded decode(byte[] content) {
        if (startsWith(content, UTF8_MARK)) {
            return utf8(Arrays.copyOfRange(content, UTF8_MARK.length, content.length));
        }
        if (content.length >= 4 && startsWith(content, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0})) {
            return strict(content, 4, Charset.forName("UTF-32LE"));
        }
        if (content.length >= 4 && startsWith(content, new byte[] {0, 0, (byte) 0xfe, (byte) 0xff})) {
            return strict(content, 4, Charset.forName("UTF-32BE"));
        }
        if (startsWith(content, new byte[] {(byte) 0xff, (byte) 0xfe})) {
            return strict(content, 2, StandardCharsets.UTF_16LE);
        }
        if (startsWith(content, new byte[] {(byte) 0xfe, (byte) 0xff})) {
            return strict(content, 2, StandardCharsets.UTF_16BE);
        }
        int nul = indexOfNul(content);
        if (nul >= 0) {
            Charset wide = utf16(content);
            return wide == null ? new Decoded.Binary("binary: a NUL byte at offset " + nul) : strict(content, 0, wide);
        }
        return utf8(content);
    }

    private static Decoded utf8(byte[] content) {
        int nul = indexOfNul(content);
        if (nul >= 0) {
            return new Decoded.Binary("binary: a NUL byte at offset " + nul);
        }
        int control = controls(content);
        if (control > 8 && control > content.length / CONTROL_SHARE) {
            return new Decoded.Binary("binary: " + control + " control characters in " + content.length + " bytes");
        }
        return isUtf8(content) ? new Decoded.Text(content, "UTF-8") : singleByte(content);
    }

    private static Decoded singleByte(byte[] content) {
        int high = 0;
        int odd = 0;
        boolean c1 = false;
        for (byte b : content) {
            int value = b & 0xff;
            if (value >= 0x80) {
                high++;
                c1 |= value < 0xa0;
                // The five places that windows-1252 leaves empty hardly ever stand in text.
                odd += value == 0x81 || value == 0x8d || value == 0x8f || value == 0x90 || value == 0x9d ? 1 : 0;
            }
        }
        if (odd > 0 && odd * 16 > high || high > content.length / 2 && content.length > 16) {
            return new Decoded.Binary("binary: " + high + " of " + content.length
                    + " bytes are neither ASCII nor UTF-8 and fit no encoding known here");
        }
        Charset charset = c1 && WINDOWS != null ? WINDOWS : StandardCharsets.ISO_8859_1;
        byte[] utf8 = new String(content, charset).getBytes(StandardCharsets.UTF_8);
        return new Decoded.Text(utf8, charset.name());
    }

    private static Decoded strict(byte[] content, int mark, Charset charset) {
        try {
            CharBuffer text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content, mark, content.length - mark));
            if (text.toString().indexOf('\0') >= 0) {
                return new Decoded.Binary("binary: a NUL character in what began as " + charset.name());
            }
            return new Decoded.Text(text.toString().getBytes(StandardCharsets.UTF_8), charset.name());
        } catch (CharacterCodingException e) {
            return new Decoded.Binary("binary: begins as " + charset.name() + " but is not valid in it");
        }
    }

    /** UTF-16 without a mark: nearly every other byte of Western text is NUL, and always on the same side. */
    private static Charset utf16(byte[] content) {
        int length = Math.min(content.length, SAMPLE) & ~1;
        if (length < 8 || content.length % 2 != 0) {
            return null;
        }
        int even = 0;
        int odd = 0;
        for (int i = 0; i < length; i += 2) {
            even += content[i] == 0 ? 1 : 0;
            odd += content[i + 1] == 0 ? 1 : 0;
        }
        int pairs = length / 2;
        if (odd * 10 >= pairs * 7 && even * 50 <= pairs) {
            return StandardCharsets.UTF_16LE;
        }
        return even * 10 >= pairs * 7 && odd * 50 <= pairs ? StandardCharsets.UTF_16BE : null;
    }

    private static boolean isUtf8(byte[] content) {
        int i = 0;
        while (i < content.length && content[i] >= 0) {
            i++;
        }
        if (i == content.length) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, i, content.length - i));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static int controls(byte[] content) {
        int found = 0;
        for (byte b : content) {
            // Escape is left out: logs with terminal colours are text.
            found += b >= 0 && b < ' ' && (b < '\t' || b > '\r') && b != 0x1b ? 1 : 0;
        }
        return found;
    }

    private static int indexOfNul(byte[] content) {
        for (int i = 0; i < content.length; i++) {
            if (content[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] content, byte[] mark) {
        return content.length >= mark.length && Arrays.equals(content, 0, mark.length, mark, 0, mark.length);
    }
}

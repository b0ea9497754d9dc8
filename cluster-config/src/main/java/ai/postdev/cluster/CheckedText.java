package ai.postdev.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Small texts whose first line tells the checksum of the rest, so that a flipped or missing byte is not read as another name
 * or key. A text without such a line, as earlier versions wrote it, is taken as it is. Pure.
 */
public final class CheckedText {
    private static final String MARK = "# crc32c ";
    private static final int DIGITS = 8;

    private CheckedText() {}

    /** {@code text} with its checksum before it. */
    public static String with(String text) {
        return MARK + checksum(text) + "\n" + text;
    }

    /**
     * The text in what a file holds.
     *
     * @param file for the message
     * @throws IOException if the text is not what was written
     */
    public static String of(Object file, String content) throws IOException {
        if (!content.startsWith(MARK)) {
            return content;
        }
        int line = content.indexOf('\n');
        String text = line < 0 ? "" : content.substring(line + 1);
        String told = content.substring(MARK.length(), line < 0 ? content.length() : line);
        String found = checksum(text);
        if (!told.equals(found)) {
            throw new IOException(file + " is damaged: its checksum is " + found + ", expected " + told
                    + "; restore it from a backup, or remove its first line if it was changed by hand");
        }
        return text;
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        String digits = Long.toHexString(crc.getValue()).toLowerCase(Locale.ROOT);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }
}

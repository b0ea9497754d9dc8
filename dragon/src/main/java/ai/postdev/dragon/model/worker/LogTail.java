package ai.postdev.dragon.model.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of what a worker printed, which often says why it is gone. */
final class LogTail {
    private static final int BYTES_MAX = 1_000;

    private LogTail() {}

    /** Words to put after a reason; empty if nothing was printed. */
    static String of(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(BYTES_MAX, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : "; its last words in " + log + ": " + text;
        } catch (IOException e) {
            return "; its log " + log + " cannot be read: " + e.getMessage();
        }
    }
}

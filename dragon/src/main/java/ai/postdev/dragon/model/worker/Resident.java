package ai.postdev.dragon.model.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process takes of the machine's memory, as the system says. */
final class Resident {
    private static final String FIELD = "VmRSS:";

    private Resident() {}

    /** Bytes in RAM; 0 where the system does not say, as outside Linux. */
    static long bytes(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith(FIELD)) {
                    return Long.parseLong(line.substring(FIELD.length())
                                    .replace("kB", "")
                                    .strip())
                            * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException _) {
            return 0; // no such system, or the process is just ending
        }
    }
}

package ai.postdev.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts processes that file permissions bind, also where the tests run as root. */
final class Rights {
    private static final String UNBOUND = "-dac_override,-dac_read_search";

    private Rights() {}

    /** What to put before a command; empty where it cannot be done. */
    static Optional<List<String>> withoutOverride() throws IOException, InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return Optional.of(List.of());
        }
        List<String> prefix =
                List.of("setpriv", "--inh-caps=" + UNBOUND, "--bounding-set=" + UNBOUND, "--no-new-privs");
        try {
            List<String> tried = new ArrayList<>(prefix);
            tried.add("true");
            if (new ProcessBuilder(tried).redirectErrorStream(true).start().waitFor() == 0) {
                return Optional.of(prefix);
            }
            System.out.println("SKIPPED: root may do everything here, and setpriv cannot take rights away");
        } catch (IOException e) {
            System.out.println("SKIPPED: root may do everything here, and there is no setpriv: " + e.getMessage());
        }
        return Optional.empty();
    }
}

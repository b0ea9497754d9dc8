package ai.postdev.cluster;

import java.nio.file.Path;
import java.util.OptionalLong;

/** A live process already uses this home. */
public final class HomeInUse extends NodeRefused {
    private static final long serialVersionUID = 1L;

    private final long pid;

    HomeInUse(Path home, OptionalLong pid) {
        super("the home " + home + " is in use by "
                + (pid.isPresent() ? "the process " + pid.getAsLong() : "another process")
                + "; stop that node first (postdevai stop), or set POSTDEVAI_HOME to another directory");
        this.pid = pid.orElse(-1);
    }

    /** The process that uses the home; -1 when it has not written its id yet. */
    public long pid() {
        return pid;
    }
}

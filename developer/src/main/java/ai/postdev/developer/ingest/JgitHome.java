package ai.postdev.developer.ingest;

import java.io.IOException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps jgit from writing into a person's home: left alone, it measures the clock of each file system and saves the
 * result in a configuration file of its own there.
 */
final class JgitHome extends SystemReader.Delegate {
    private static final Object ONCE = new Object();
    private static boolean installed;

    private JgitHome(SystemReader around) {
        super(around);
    }

    /** Takes effect for the whole process; further calls do nothing. */
    static void leaveAlone() {
        synchronized (ONCE) {
            if (!installed) {
                installed = true;
                SystemReader.setInstance(new JgitHome(SystemReader.getInstance()));
                FS.FileStoreAttributes.setBackground(true);
            }
        }
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new Unsaved(parent, fs);
    }

    /** A configuration that is never read and never written. */
    private static final class Unsaved extends FileBasedConfig {
        Unsaved(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() throws IOException, ConfigInvalidException {
            clear();
        }

        @Override
        public void save() throws IOException {
            // what jgit measured holds for this process only
            clear();
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}

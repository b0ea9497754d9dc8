package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.PathNames;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches single folders through the JDK's WatchService, on a thread of its own that does nothing but hand paths on.
 * Which folders are watched is the business of whoever walks the tree; methods are safe on any thread.
 *
 * <p>The JDK drops events beyond 512 per folder unless {@code -Djdk.nio.file.WatchService.maxEventsPerPoll} says
 * otherwise, and tells so with an overflow.
 */
final class DirectorySource implements AutoCloseable {
    /** Told on the source's thread; hands on and returns. */
    interface Listener {
        /** These paths changed: relative to the root, a folder's own path if an entry's name cannot be told. */
        void changed(Set<String> paths);

        /** Events of a folder were lost. */
        void lost(String folder);

        /** The system refused to watch a folder. */
        void unwatchable(String folder, String why);
    }

    private final WatchService service;
    private final Listener listener;
    private final int foldersMax;
    private final Map<WatchKey, String> folders = new HashMap<>();
    private volatile boolean closed;

    private DirectorySource(WatchService service, int foldersMax, Listener listener) {
        this.service = service;
        this.foldersMax = foldersMax;
        this.listener = listener;
    }

    /** Opens a source that watches nothing yet, and {@code foldersMax} folders at most. */
    static DirectorySource open(Path root, String name, int foldersMax, Listener listener) throws IOException {
        DirectorySource source = new DirectorySource(root.getFileSystem().newWatchService(), foldersMax, listener);
        Thread.ofPlatform().daemon().name("postdevai-watch-" + name).start(source::run);
        return source;
    }

    /** Watches one folder, not what is below it. Watching it again under another path renames the watch. */
    void watch(String folder, Path path) {
        try {
            synchronized (folders) {
                if (closed) {
                    return;
                }
                if (folders.size() >= foldersMax) {
                    listener.unwatchable(folder, "more than " + foldersMax + " folders");
                    return;
                }
                WatchKey key = path.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                folders.put(key, folder);
            }
        } catch (NoSuchFileException | NotDirectoryException | ClosedWatchServiceException e) {
            // gone since it was seen, or this source is closing: there is nothing to watch
            return;
        } catch (IOException e) {
            listener.unwatchable(folder, e.getMessage());
        }
    }

    /** Stops watching {@code folder} and all below it. */
    void unwatch(String folder) {
        synchronized (folders) {
            for (Iterator<Map.Entry<WatchKey, String>> keys = folders.entrySet().iterator(); keys.hasNext(); ) {
                Map.Entry<WatchKey, String> entry = keys.next();
                if (entry.getValue().equals(folder) || entry.getValue().startsWith(folder + "/")) {
                    entry.getKey().cancel();
                    keys.remove();
                }
            }
        }
    }

    /** Number of folders watched. */
    int size() {
        synchronized (folders) {
            return folders.size();
        }
    }

    private void run() {
        try {
            while (!closed) {
                Set<String> changed = new LinkedHashSet<>();
                for (WatchKey key = service.take(); key != null; key = service.poll()) {
                    drain(key, changed);
                }
                if (!changed.isEmpty()) {
                    listener.changed(changed);
                }
            }
        } catch (ClosedWatchServiceException e) {
            // close() ends this thread so
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(WatchKey key, Set<String> changed) {
        String folder;
        synchronized (folders) {
            folder = folders.get(key);
        }
        for (WatchEvent<?> event : key.pollEvents()) {
            if (folder == null) {
                continue;
            }
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                listener.lost(folder);
            } else if (event.context() instanceof Path name) {
                Optional<String> child = PathNames.name(((Path) key.watchable()).resolve(name));
                changed.add(
                        child.map(c -> folder.isEmpty() ? c : folder + "/" + c).orElse(folder));
            }
        }
        if (!key.reset()) {
            synchronized (folders) {
                folders.remove(key);
            }
            if ("".equals(folder)) {
                listener.lost(folder);
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (folders) {
            closed = true;
            folders.clear();
        }
        service.close();
    }
}

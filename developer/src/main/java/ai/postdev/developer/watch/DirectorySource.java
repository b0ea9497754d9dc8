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
import java.util.List;
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
final class DirectorySource implements FolderWatch, AutoCloseable {
    /** Told on the source's thread; hands on and returns. */
    interface Listener {
        /** These paths changed: relative to the root, a folder's own path if an entry's name cannot be told. */
        void changed(Set<String> paths);

        /** Events of a folder were lost. */
        void lost(String folder);

        /** The system refused to watch a folder. */
        void unwatchable(String folder, String why);
    }

    /**
     * A folder that is watched.
     *
     * @param only the one child whose coming and going is told; empty: all
     * @param stamp orders this before or after a {@link FolderWatch#mark}
     */
    private record Watched(String folder, Optional<String> only, long stamp) {}

    private final WatchService service;
    private final Listener listener;
    private final int foldersMax;
    private final Map<WatchKey, Watched> folders = new HashMap<>();
    private long stamp;
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
    @Override
    public void entered(String folder, Path path) {
        watch(folder, path, Optional.empty());
    }

    @Override
    public void awaits(String folder, Path path, String child) {
        watch(folder, path, Optional.of(child));
    }

    private void watch(String folder, Path path, Optional<String> only) {
        try {
            synchronized (folders) {
                if (closed) {
                    return;
                }
                WatchKey key = path.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                if (folders.size() >= foldersMax && !folders.containsKey(key)) {
                    key.cancel();
                    listener.unwatchable(folder, "more than " + foldersMax + " folders");
                    return;
                }
                stamp++;
                folders.put(key, new Watched(folder, only, stamp));
            }
        } catch (NoSuchFileException | NotDirectoryException | ClosedWatchServiceException e) {
            // gone since it was seen, or this source is closing: there is nothing to watch
            return;
        } catch (IOException e) {
            listener.unwatchable(folder, e.getMessage());
        }
    }

    @Override
    public long mark() {
        synchronized (folders) {
            return stamp;
        }
    }

    @Override
    public void left(String folder, long mark) {
        String below = folder.isEmpty() ? "" : folder + "/";
        synchronized (folders) {
            for (Iterator<Map.Entry<WatchKey, Watched>> keys =
                            folders.entrySet().iterator();
                    keys.hasNext(); ) {
                Map.Entry<WatchKey, Watched> entry = keys.next();
                Watched watched = entry.getValue();
                boolean within =
                        watched.folder().equals(folder) || watched.folder().startsWith(below);
                if (within && watched.stamp() <= mark) {
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
        Watched watched;
        synchronized (folders) {
            watched = folders.get(key);
        }
        List<WatchEvent<?>> events = key.pollEvents();
        for (WatchEvent<?> event : watched == null ? List.<WatchEvent<?>>of() : events) {
            String folder = watched.folder();
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                listener.lost(folder);
            } else if (event.context() instanceof Path name) {
                Optional<String> child = PathNames.name(((Path) key.watchable()).resolve(name));
                if (watched.only().isEmpty() || watched.only().equals(child)) {
                    changed.add(child.map(c -> folder.isEmpty() ? c : folder + "/" + c)
                            .orElse(folder));
                }
            }
        }
        if (!key.reset()) {
            synchronized (folders) {
                folders.remove(key);
            }
            if (watched != null && watched.folder().isEmpty()) {
                listener.lost("");
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

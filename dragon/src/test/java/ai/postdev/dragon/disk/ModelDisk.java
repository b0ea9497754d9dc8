package ai.postdev.dragon.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk behind a cache: takes what a process does, and says how the disk could look if the power went now. A file that
 * was synced has the bytes it had when the sync began; a folder that was synced has the names it had then. All that came
 * later may be there, not, or in part, as {@link Losses} says. A state machine without clock or files; one thread.
 */
public final class ModelDisk {
    /** What may be lost of that which was not synced. */
    public enum Losses {
        /**
         * As on a file system with a journal and ordered data (ext4 as it is mounted by default): names change in the order
         * of the calls, any sync takes all earlier changes of names along, and files grow from the front, so that of
         * unsynced bytes a prefix survives, torn at a sector.
         */
        IN_ORDER,
        /**
         * The least that POSIX promises: each change of a name survives or not by itself, unless its folder was synced
         * (syncing the file is not enough); of unsynced bytes each sector, or each page, survives or not by itself, an
         * earlier state of it included; what is missing below the end of a file reads as zeros, and the end may be as far
         * out as it ever was. A rename is still atomic.
         */
        IN_ANY_ORDER
    }

    /** A disk that does not keep its promise: a test that finds nothing on it tests nothing. */
    public enum Lie {
        /** Keeps it. */
        NONE,
        /** Syncs of files do nothing. */
        FILES,
        /** Syncs of folders do nothing. */
        FOLDERS
    }

    /** A file or a folder. */
    private static final class Node {
        final Content content; // null: a folder
        final Map<String, Node> names = new TreeMap<>(); // as the process sees them
        final Map<String, Node> safeNames = new TreeMap<>(); // as they are after a cut, at least

        Node(Content content) {
            this.content = content;
        }
    }

    /**
     * A change of names that may be lost: {@code oldName} goes from {@code oldFolder} and {@code newName} comes to
     * {@code newFolder}, both at once. A null folder stands for "nothing goes" or "nothing comes".
     */
    private record Naming(long at, Node oldFolder, String oldName, Node newFolder, String newName, Node node) {
        boolean touches(Node folder) {
            return oldFolder == folder || newFolder == folder;
        }
    }

    private record Sync(Node node, long began) {}

    private final String root;
    private final Lie lie;
    private final Node top = new Node(null);
    private final Map<Integer, Node> descriptors = new HashMap<>();
    private final Map<Long, Sync> syncs = new HashMap<>();
    private final List<Naming> namings = new ArrayList<>(); // in order
    private long now; // events so far
    private long committed; // all changes of names before it are safe on a file system with a journal

    ModelDisk(String root, DiskImage before, Lie lie) {
        this.root = root;
        this.lie = lie;
        before.folders().forEach(path -> add(path, new Node(null)));
        before.files().forEach((path, bytes) -> add(path, new Node(new Content(bytes))));
    }

    private void add(String path, Node node) {
        Place place = place(root + "/" + path);
        place.folder().names.put(place.name(), node);
        place.folder().safeNames.put(place.name(), node);
    }

    /** Takes the next thing that the process did. */
    public void apply(DiskEvent event) {
        now++;
        switch (event) {
            case DiskEvent.Opened opened -> opened(opened);
            case DiskEvent.Duplicated duplicated -> descriptors.put(duplicated.descriptor(), node(duplicated.from()));
            case DiskEvent.Closed closed -> descriptors.remove(closed.descriptor());
            case DiskEvent.Wrote wrote -> node(wrote.descriptor()).content.write(now, wrote.offset(), wrote.bytes());
            case DiskEvent.Resized resized -> node(resized.descriptor()).content.resize(now, resized.size());
            case DiskEvent.Renamed renamed -> renamed(place(renamed.from()), place(renamed.to()));
            case DiskEvent.Removed removed -> removed(place(removed.path()));
            case DiskEvent.Linked linked -> {
                Place from = place(linked.from());
                named(place(linked.to()), from.folder().names.get(from.name()));
            }
            case DiskEvent.MadeFolder made -> named(place(made.path()), new Node(null));
            case DiskEvent.SyncBegan began -> syncs.put(began.sync(), new Sync(node(began.descriptor()), now));
            case DiskEvent.SyncEnded ended -> synced(syncs.remove(ended.sync()));
            case DiskEvent.Marked _ -> {}
        }
    }

    private void opened(DiskEvent.Opened opened) {
        if (Path.of(opened.path()).normalize().toString().equals(root)) {
            descriptors.put(opened.descriptor(), top);
            return;
        }
        Place place = place(opened.path());
        Node node = place.folder().names.get(place.name());
        if (node == null) {
            node = new Node(new Content(new byte[0]));
            named(place, node);
        } else if (opened.empties()) {
            node.content.resize(now, 0);
        }
        descriptors.put(opened.descriptor(), node);
    }

    private void named(Place to, Node node) {
        to.folder().names.put(to.name(), node);
        namings.add(new Naming(now, null, "", to.folder(), to.name(), node));
    }

    private void removed(Place from) {
        Node node = from.folder().names.remove(from.name());
        namings.add(new Naming(now, from.folder(), from.name(), null, "", node));
    }

    private void renamed(Place from, Place to) {
        Node node = from.folder().names.remove(from.name());
        to.folder().names.put(to.name(), node);
        namings.add(new Naming(now, from.folder(), from.name(), to.folder(), to.name(), node));
    }

    private void synced(Sync sync) {
        boolean folder = sync.node().content == null;
        if (lie == (folder ? Lie.FOLDERS : Lie.FILES)) {
            return;
        }
        committed = Math.max(committed, sync.began());
        if (!folder) {
            sync.node().content.synced(sync.began());
            return;
        }
        for (Iterator<Naming> at = namings.iterator(); at.hasNext(); ) {
            Naming naming = at.next();
            if (naming.at() < sync.began() && naming.touches(sync.node())) {
                persist(naming, Map.of());
                at.remove();
            }
        }
    }

    /** Makes a change in the names of {@code image}, or where it has none of a folder, in those that are safe. */
    private static void persist(Naming naming, Map<Node, Map<String, Node>> image) {
        if (naming.oldFolder() != null) {
            image.getOrDefault(naming.oldFolder(), naming.oldFolder().safeNames).remove(naming.oldName());
        }
        if (naming.newFolder() != null) {
            image.getOrDefault(naming.newFolder(), naming.newFolder().safeNames).put(naming.newName(), naming.node());
        }
    }

    private Node node(int descriptor) {
        Node node = descriptors.get(descriptor);
        if (node == null) {
            throw new IllegalStateException("descriptor " + descriptor + " is not open at event " + now);
        }
        return node;
    }

    private record Place(Node folder, String name) {}

    private Place place(String path) {
        Path relative = Path.of(root).relativize(Path.of(path).normalize());
        Node folder = top;
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            folder = folder.names.get(relative.getName(i).toString());
        }
        return new Place(folder, relative.getFileName().toString());
    }

    /** What the process sees. */
    DiskImage whole() {
        DiskImage image = new DiskImage(new TreeSet<>(), new TreeMap<>());
        collect(image, "", top, folder -> folder.names, Content::whole);
        return image;
    }

    /** How the disk could look after a cut of the power now. The same random numbers give the same disk. */
    public DiskImage cut(Losses losses, Random random) {
        Map<Node, Map<String, Node>> names = new HashMap<>();
        copyNames(top, names, new HashSet<>());
        namings.forEach(naming -> {
            for (Node folder : new Node[] {naming.oldFolder(), naming.newFolder(), naming.node()}) {
                if (folder != null && folder.content == null) {
                    copyNames(folder, names, new HashSet<>());
                }
            }
        });
        long until = committed + (long) (Chance.fraction(random) * (now - committed + 1));
        double chance = Chance.fraction(random);
        for (Naming naming : namings) {
            boolean survives = switch (losses) {
                case IN_ORDER -> naming.at() < until;
                case IN_ANY_ORDER -> random.nextDouble() < chance;
            };
            if (survives) {
                persist(naming, names);
            }
        }
        DiskImage image = new DiskImage(new TreeSet<>(), new TreeMap<>());
        collect(image, "", top, names::get, content -> content.cut(losses, random));
        return image;
    }

    private static void copyNames(Node folder, Map<Node, Map<String, Node>> to, Set<Node> seen) {
        if (seen.add(folder)) {
            to.computeIfAbsent(folder, _ -> new TreeMap<>(folder.safeNames));
            folder.safeNames.values().stream()
                    .filter(node -> node.content == null)
                    .forEach(node -> copyNames(node, to, seen));
        }
    }

    private interface Names {
        Map<String, Node> of(Node folder);
    }

    private interface Bytes {
        byte[] of(Content content);
    }

    private static void collect(DiskImage image, String prefix, Node folder, Names names, Bytes bytes) {
        names.of(folder).forEach((name, node) -> {
            String path = prefix + name;
            if (node.content == null) {
                image.folders().add(path);
                collect(image, path + "/", node, names, bytes);
            } else {
                image.files().put(path, bytes.of(node.content));
            }
        });
    }
}

package ai.postdev.developer.ingest;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The paths in git's index: these count even where an ignore rule matches. Immutable.
 *
 * @param files paths of files and symbolic links
 * @param submodules paths of submodules
 * @param folders every folder above a file
 */
public record TrackedFiles(Set<String> files, Set<String> submodules, Set<String> folders) {
    /** Nothing is tracked. */
    public static final TrackedFiles NONE = new TrackedFiles(Set.of(), Set.of(), Set.of());

    private static final int SIGNATURE = 0x44495243;
    private static final int ENTRY_BYTES_BEFORE_HASH = 40;
    private static final int MODE_GITLINK = 0160000;
    private static final int FLAG_EXTENDED = 0x4000;

    /**
     * Reads the index of a work tree: from the file itself, or through git where the file has a form that only git
     * knows (split and sparse indexes).
     */
    public static TrackedFiles of(GitFolder folder, boolean gitInstalled) throws IOException {
        try {
            return parse(Files.readAllBytes(folder.gitDir().resolve("index")), folder);
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (UnknownIndex e) {
            if (!gitInstalled) {
                throw new IOException(e.getMessage() + "; install git to read it", e);
            }
            String listed = new String(
                    new GitCommand(folder.workTree())
                            .run(new byte[0], in -> in.readAllBytes(), "ls-files", "-z", "--stage"),
                    StandardCharsets.UTF_8);
            Collector collector = new Collector();
            for (String row : listed.split("\0")) {
                int tab = row.indexOf('\t');
                if (tab > 0) {
                    collector.add(row.substring(tab + 1), row.startsWith("160000"));
                }
            }
            return collector.result();
        }
    }

    /** The index has a form that this parser does not know. */
    private static final class UnknownIndex extends IOException {
        private static final long serialVersionUID = 1;

        UnknownIndex(String message) {
            super(message);
        }
    }

    private static final class Collector {
        private final Set<String> files = new HashSet<>();
        private final Set<String> submodules = new HashSet<>();
        private final Set<String> folders = new HashSet<>();

        void add(String path, boolean submodule) {
            (submodule ? submodules : files).add(path);
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                if (!folders.add(path.substring(0, slash))) {
                    return;
                }
            }
        }

        TrackedFiles result() {
            return new TrackedFiles(Set.copyOf(files), Set.copyOf(submodules), Set.copyOf(folders));
        }
    }

    /** Reads versions 2 to 4 (git's Documentation/gitformat-index). */
    private static TrackedFiles parse(byte[] index, GitFolder folder) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(index);
        if (index.length < 32 || in.getInt() != SIGNATURE) {
            throw new UnknownIndex("the git index of " + folder.workTree() + " does not begin as one");
        }
        int version = in.getInt();
        int entries = in.getInt();
        if (version < 2 || version > 4) {
            throw new UnknownIndex("the git index of " + folder.workTree() + " has version " + version);
        }
        int hashBytes = sha256(folder) ? 32 : 20;
        Collector collector = new Collector();
        byte[] previous = new byte[0];
        try {
            for (int i = 0; i < entries; i++) {
                int start = in.position();
                int mode = in.getInt(start + 24);
                in.position(start + ENTRY_BYTES_BEFORE_HASH + hashBytes);
                int flags = in.getShort() & 0xffff;
                if ((flags & FLAG_EXTENDED) != 0 && version >= 3) {
                    in.getShort();
                }
                int keep = version == 4 ? previous.length - variableInt(in) : 0;
                int end = in.position();
                while (index[end] != 0) {
                    end++;
                }
                byte[] name = new byte[keep + end - in.position()];
                System.arraycopy(previous, 0, name, 0, keep);
                System.arraycopy(index, in.position(), name, keep, end - in.position());
                previous = name;
                int used = end - start;
                in.position(version == 4 ? end + 1 : start + (used / 8 + 1) * 8);
                collector.add(new String(name, StandardCharsets.UTF_8), (mode & 0170000) == MODE_GITLINK);
            }
            requireKnownExtensions(in, index.length - hashBytes, folder);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | BufferUnderflowException e) {
            throw new UnknownIndex("the git index of " + folder.workTree() + " ends early");
        }
        return collector.result();
    }

    /** An extension in lower case changes the meaning of the entries; upper case may be passed over. */
    private static void requireKnownExtensions(ByteBuffer in, int end, GitFolder folder) throws UnknownIndex {
        while (in.position() + 8 <= end) {
            byte first = in.get(in.position());
            if (first < 'A' || first > 'Z') {
                throw new UnknownIndex("the git index of " + folder.workTree() + " is split or sparse");
            }
            int size = in.getInt(in.position() + 4);
            in.position(in.position() + 8 + size);
        }
    }

    private static boolean sha256(GitFolder folder) throws IOException {
        Path config = folder.commonDir().resolve("config");
        return Files.exists(config)
                && new String(Files.readAllBytes(config), StandardCharsets.UTF_8)
                        .lines()
                        .anyMatch(line -> line.strip().equalsIgnoreCase("objectformat = sha256"));
    }

    private static int variableInt(ByteBuffer in) {
        int b = in.get() & 0xff;
        int value = b & 127;
        while ((b & 128) != 0) {
            b = in.get() & 0xff;
            value = ((value + 1) << 7) | (b & 127);
        }
        return value;
    }
}

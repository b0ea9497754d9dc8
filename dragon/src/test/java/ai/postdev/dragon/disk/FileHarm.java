package ai.postdev.dragon.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What can happen to the files of a folder while nobody looks. */
public enum FileHarm {
    /** One bit is another. */
    FLIP,
    /** A region of up to a page is noise. */
    NOISE,
    /** A sector, at its bounds, reads as zeros. */
    ZEROS,
    /** The file ends earlier. */
    TRUNCATE,
    /** The file is there and empty. */
    EMPTY,
    /** The file is gone. */
    DELETE,
    /** The file goes on after its end. */
    GROW,
    /** The file has the content of another of its kind, and that one its. */
    SWAP,
    /** A region is that of another file. */
    STRAY;

    private static final int SECTOR = 512;
    private static final int PAGE = 4096;

    /** All regular files below a folder, in order. */
    public static List<Path> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Harms {@code file}; the answer says what was done. A file that the harm would leave as it is is truncated or grows. */
    public String to(Path file, List<Path> all, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Path other = like(file, all, random);
        byte[] others = Files.readAllBytes(other);
        byte[] harmed = harmed(bytes, others, random);
        String about = this + " of " + file.getFileName() + " (" + bytes.length + " bytes)";
        if (this == DELETE) {
            Files.delete(file);
        } else if (Arrays.equals(bytes, harmed)) {
            Files.write(file, bytes.length > 0 ? Arrays.copyOf(bytes, bytes.length / 2) : new byte[] {1});
            return about + ", as " + (bytes.length > 0 ? TRUNCATE : GROW);
        } else {
            Files.write(file, harmed);
            if (this == SWAP) {
                Files.write(other, bytes);
                return about + " with " + other.getFileName();
            }
        }
        return about;
    }

    private byte[] harmed(byte[] bytes, byte[] others, Random random) {
        byte[] harmed = bytes.clone();
        int at = random.nextInt(Math.max(1, bytes.length));
        int length = Math.min(1 + random.nextInt(PAGE), bytes.length - Math.min(at, bytes.length));
        switch (this) {
            case FLIP -> {
                if (bytes.length > 0) {
                    harmed[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case NOISE -> {
                for (int i = at; i < at + length; i++) {
                    harmed[i] = (byte) random.nextInt();
                }
            }
            case ZEROS -> {
                int sector = at / SECTOR * SECTOR;
                Arrays.fill(harmed, Math.min(sector, bytes.length), Math.min(bytes.length, sector + SECTOR), (byte) 0);
            }
            case STRAY ->
                System.arraycopy(others, 0, harmed, 0, Math.min(length, Math.min(bytes.length, others.length)));
            case TRUNCATE -> harmed = Arrays.copyOf(bytes, at);
            case GROW -> {
                harmed = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(PAGE));
                if (random.nextBoolean()) {
                    harmed[harmed.length - 1] = 1;
                }
            }
            case EMPTY, DELETE -> harmed = new byte[0];
            case SWAP -> harmed = others;
        }
        return harmed;
    }

    /** Another file of the same kind if there is one, else any other. */
    private static Path like(Path file, List<Path> all, Random random) {
        List<Path> others = all.stream().filter(one -> !one.equals(file)).toList();
        List<Path> like =
                others.stream().filter(one -> kind(one).equals(kind(file))).toList();
        return like.isEmpty() ? others.get(random.nextInt(others.size())) : like.get(random.nextInt(like.size()));
    }

    /** Any of {@code files}, each kind of file as often as any other. */
    public static Path any(List<Path> files, Random random) {
        Map<String, List<Path>> kinds = new TreeMap<>();
        files.forEach(file ->
                kinds.computeIfAbsent(kind(file), _ -> new ArrayList<>()).add(file));
        List<List<Path>> all = List.copyOf(kinds.values());
        List<Path> kind = all.get(random.nextInt(all.size()));
        return kind.get(random.nextInt(kind.size()));
    }

    /** The name without what numbers it: {@code .sst}, {@code MANIFEST-}, {@code position}. */
    private static String kind(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("LOG") ? "LOG" : name.replaceAll("\\d+|^_[0-9a-z]+", "");
    }
}

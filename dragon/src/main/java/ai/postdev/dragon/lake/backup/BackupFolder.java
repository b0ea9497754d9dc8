package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.PrivateFiles;
import ai.postdev.dragon.lake.portable.PortableRefused;
import ai.postdev.dragon.lake.portable.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The folder of a backup: {@code format}, which every version can read before it touches anything else, {@code parts/},
 * {@code moments/} and {@code lock}. Blocks.
 */
final class BackupFolder {
    private static final String FORMAT_LINE = "postdevai backup format ";
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String MOMENT = ".json";
    private static final String PART = ".part";

    private final Path dir;

    BackupFolder(Path dir) {
        this.dir = dir;
    }

    Path dir() {
        return dir;
    }

    private Path format() {
        return dir.resolve("format");
    }

    private Path moments() {
        return dir.resolve("moments");
    }

    private Path parts() {
        return dir.resolve("parts");
    }

    Path part(ContentHash sha256) {
        return parts().resolve(sha256 + PART);
    }

    Path partial() {
        return parts().resolve("new.partial");
    }

    /** Makes the folder if it is not there, and claims it until the channel is closed. */
    FileChannel claim() throws IOException {
        if (!Files.exists(dir)) {
            PrivateFiles.directory(dir);
        }
        if (!Files.exists(format())) {
            try (Stream<Path> files = Files.list(dir)) {
                List<Path> others = files.filter(file -> !file.equals(dir.resolve("lock")) && !isNewFormat(file))
                        .toList();
                if (!others.isEmpty()) {
                    throw new BackupRefused(dir + " holds other things, such as "
                            + others.getFirst().getFileName()
                            + ", and no backup; give a folder that is empty, absent, or a backup");
                }
            }
        } else {
            checkFormat();
        }
        FileChannel channel = PrivateFiles.open(dir.resolve("lock"));
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new BackupRefused(dir + " is in use by another backup; wait until it is done", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        PrivateFiles.directory(parts());
        PrivateFiles.directory(moments());
        if (!Files.exists(format())) {
            PrivateFiles.write(format(), FORMAT_LINE + ManifestFile.VERSION + "\n");
        }
        return channel;
    }

    private static boolean isNewFormat(Path file) {
        return file.getFileName().toString().startsWith("format.");
    }

    /** @throws BackupRefused if this is no backup, or one of a newer version */
    void check() throws IOException {
        if (!Files.isDirectory(dir)) {
            throw new BackupRefused(
                    Reply.Reason.NOT_FOUND,
                    dir + " is " + (Files.exists(dir) ? "no folder" : "not there")
                            + ", expected the folder of a backup");
        }
        if (!Files.exists(format())) {
            throw new BackupRefused(
                    Reply.Reason.NOT_FOUND,
                    dir + " has no file 'format': it is no backup, or that file was removed; expected '" + FORMAT_LINE
                            + ManifestFile.VERSION + "' in it");
        }
        checkFormat();
    }

    private void checkFormat() throws IOException {
        String line = new String(Files.readAllBytes(format()), StandardCharsets.ISO_8859_1);
        String number = line.startsWith(FORMAT_LINE) && line.endsWith("\n")
                ? line.substring(FORMAT_LINE.length(), line.length() - 1)
                : "";
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw new BackupRefused("the file " + format() + " is damaged: it reads '" + line.strip() + "', expected '"
                    + FORMAT_LINE + ManifestFile.VERSION + "'");
        }
        if (Integer.parseInt(number) > ManifestFile.VERSION) {
            throw new BackupRefused("the backup " + dir + " has format " + number + ", this version of PostDevAI reads "
                    + ManifestFile.VERSION + "; use the one that wrote it, or a newer one");
        }
    }

    /** The ids of all moments, newest first. */
    List<String> ids() throws IOException {
        if (!Files.isDirectory(moments())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(moments())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(MOMENT))
                    .map(name -> name.substring(0, name.length() - MOMENT.length()))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /** The id of a moment, greater than {@code newest}, which may be empty. */
    static Instant timeAfter(Instant now, String newest) {
        Instant millis = Instant.ofEpochMilli(now.toEpochMilli());
        while (ID.format(millis).compareTo(newest) <= 0) {
            Instant before = isId(newest) ? ID.parse(newest, Instant::from) : millis;
            millis = before.isBefore(millis) ? millis.plusMillis(1) : before.plusMillis(1);
        }
        return millis;
    }

    static String id(Instant time) {
        return ID.format(time);
    }

    static boolean isId(String text) {
        return text.matches("\\d{8}T\\d{9}Z");
    }

    /** @throws BackupRefused if it is damaged or of a newer version */
    Manifest moment(String id) throws IOException {
        Path file = moments().resolve(id + MOMENT);
        try {
            Manifest manifest = ManifestFile.read(Files.readAllBytes(file), "moments/" + file.getFileName());
            if (!manifest.id().equals(id)) {
                throw new BackupRefused(
                        "moments/" + file.getFileName() + " is the moment " + manifest.id() + " under another name");
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new BackupRefused(
                    Reply.Reason.NOT_FOUND,
                    "the backup " + dir + " has no moment " + id + "; see: postdevai backup " + dir + " --list");
        } catch (PortableRefused e) {
            throw new BackupRefused(e.getMessage(), e);
        }
    }

    /** Those moments that can be read, newest first. */
    List<Manifest> readable(List<String> unreadable) throws IOException {
        List<Manifest> readable = new ArrayList<>();
        for (String id : ids()) {
            try {
                readable.add(moment(id));
            } catch (BackupRefused e) {
                unreadable.add(e.getMessage());
            }
        }
        return readable;
    }

    /** Keeps a moment: from here on it is part of the backup. Its parts must be there. */
    void keep(Manifest manifest) throws IOException {
        Path file = moments().resolve(manifest.id() + MOMENT);
        try (WholeFile whole = WholeFile.begin(moments().resolve("new.partial"))) {
            whole.stream().write(ManifestFile.bytes(manifest));
            whole.keepAs(file);
        }
        moment(manifest.id());
    }

    void remove(String id) throws IOException {
        Files.deleteIfExists(moments().resolve(id + MOMENT));
        WholeFile.sync(moments());
    }

    /** The files of all parts. */
    List<Path> partFiles() throws IOException {
        try (Stream<Path> files = Files.list(parts())) {
            return files.filter(file -> file.getFileName().toString().endsWith(PART))
                    .toList();
        }
    }

    /** What is wrong with a part; empty if nothing is. Reads it whole. */
    String damage(Manifest.Part part) throws IOException {
        Path file = part(part.sha256());
        if (!Files.isRegularFile(file)) {
            return "is missing";
        }
        long size = Files.size(file);
        if (size != part.bytes()) {
            return "has " + size + " bytes, expected " + part.bytes();
        }
        ContentHash found = hash(file);
        return found.equals(part.sha256()) ? "" : "has the SHA-256 " + found + ", expected " + part.sha256();
    }

    private static ContentHash hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return ContentHash.fromBytes(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** How a part is called in messages. */
    static String name(Manifest.Part part) {
        return "parts/" + part.sha256() + PART;
    }
}

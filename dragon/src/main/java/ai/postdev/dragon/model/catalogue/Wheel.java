package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A wheel: a zip file that carries a package of Python. It may come from anywhere: nothing of it is run, no name in it
 * becomes a path, and no entry gives more bytes than it announced. One thread.
 */
final class Wheel implements AutoCloseable {
    private static final int ENTRIES_MAX = 10_000;
    private static final int METADATA_BYTES_MAX = 1 << 20;
    private static final int STEP = 1 << 20;
    private static final Pattern WEIGHTS =
            Pattern.compile("(.+\\.gguf)(?:\\.part-?(\\d{1,4}))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern REQUIRES =
            Pattern.compile("([A-Za-z0-9._-]+)\\s*\\(?==\\s*([A-Za-z0-9.!+_-]+)\\)?\\s*(?:;.*)?");

    private final ZipFile zip;
    private final Path file;
    private final Metadata metadata;
    private final List<Weights> weights = new ArrayList<>();

    /**
     * What a package says of itself.
     *
     * @param licence empty: nothing
     * @param pinned what it needs in one version exactly
     */
    record Metadata(String name, String version, String licence, List<ModelSource.PythonPackage> pinned) {
        Metadata {
            pinned = List.copyOf(pinned);
        }
    }

    /**
     * A file with weights, or a part of one.
     *
     * @param model name of the whole file
     * @param part its number; -1: it is whole
     * @param bytes that it has, unpacked
     */
    record Weights(String model, int part, String entry, long bytes) {}

    /** Is given what is unpacked. */
    @FunctionalInterface
    interface Step {
        void unpacked(byte[] bytes, int length) throws IOException;
    }

    private Wheel(ZipFile zip, Path file) throws IOException {
        this.zip = zip;
        this.file = file;
        if (zip.size() > ENTRIES_MAX) {
            throw damaged("it has " + zip.size() + " entries, at most " + ENTRIES_MAX + " are read");
        }
        ZipEntry described = null;
        for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
            String name = entry.getName();
            if (leaves(name)) {
                throw damaged("its entry '" + name + "' points out of the package");
            }
            if (name.endsWith(".dist-info/METADATA") && name.indexOf('/') == name.lastIndexOf('/')) {
                described = entry;
            }
            Matcher fits = WEIGHTS.matcher(name.substring(name.lastIndexOf('/') + 1));
            if (fits.matches()) {
                int part = fits.group(2) == null ? -1 : Integer.parseInt(fits.group(2));
                weights.add(
                        new Weights(ModelFiles.checked(fits.group(1), file.toString()), part, name, entry.getSize()));
            }
        }
        if (described == null || described.getSize() > METADATA_BYTES_MAX) {
            throw damaged("it has no METADATA");
        }
        metadata = metadata(described);
    }

    /** @throws CatalogueRefused if it is no whole wheel, or a hostile one */
    static Wheel open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION, file.getFileName() + " is no whole wheel: " + e.getMessage(), e);
        }
        try {
            return new Wheel(zip, file);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static boolean leaves(String name) {
        return name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || name.matches("[A-Za-z]:.*")
                || List.of(name.split("/")).contains("..");
    }

    private CatalogueRefused damaged(String found) {
        return new CatalogueRefused(Reply.Reason.PRECONDITION, file.getFileName() + " cannot be used: " + found);
    }

    private Metadata metadata(ZipEntry entry) throws IOException {
        String name = "";
        String version = "";
        String licence = "";
        List<ModelSource.PythonPackage> pinned = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !line.isBlank(); line = lines.readLine()) {
                int colon = line.indexOf(':');
                String value = colon < 0 ? "" : line.substring(colon + 1).strip();
                switch (colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                    case "name" -> name = value;
                    case "version" -> version = value;
                    case "license-expression" -> licence = value;
                    case "license" -> licence = licence.isEmpty() ? value : licence;
                    case "requires-dist" -> {
                        Matcher exact = REQUIRES.matcher(value);
                        if (exact.matches()) {
                            pinned.add(new ModelSource.PythonPackage(exact.group(1), exact.group(2)));
                        }
                    }
                    default -> {
                        continue;
                    }
                }
            }
        }
        return new Metadata(name, version, licence, pinned);
    }

    Metadata metadata() {
        return metadata;
    }

    List<Weights> weights() {
        return List.copyOf(weights);
    }

    /** Writes what an entry holds. */
    void unpack(Weights part, OutputStream to, Step step) throws IOException {
        byte[] bytes = new byte[STEP];
        long left = part.bytes();
        try (InputStream in = zip.getInputStream(zip.getEntry(part.entry()))) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                left -= read;
                if (left < 0) {
                    throw damaged("its entry '" + part.entry() + "' gives more than the " + part.bytes()
                            + " bytes that it announces");
                }
                to.write(bytes, 0, read);
                step.unpacked(bytes, read);
            }
        } catch (ZipException e) {
            throw damaged("its entry '" + part.entry() + "' cannot be unpacked: " + e.getMessage());
        }
        if (left != 0) {
            throw damaged("its entry '" + part.entry() + "' ends " + left + " bytes early");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}

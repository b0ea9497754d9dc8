package ai.postdev.dragon.model.engine;

import ai.postdev.cluster.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Puts the native library of {@code de.kherud:llama} where only its owner writes, once for all workers. Left alone, the
 * binding unpacks it to the shared folder for temporary files under one name, over a copy that another process may be
 * running, and removes what else has such a name there.
 */
final class LlamaLibrary {
    /** A folder for native libraries; the default is the person's cache. */
    static final String FOLDER = "postdevai.natives";

    private static final String BINDING = "/de/kherud/llama/";

    private LlamaLibrary() {}

    /** Unpacks it if it is not there, and has the binding load it from there. */
    static synchronized void prepare() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "Mac" : "Linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        String name = System.mapLibraryName("jllama");
        String resource = BINDING + system + "/" + arch + "/" + name;
        URL url = LlamaLibrary.class.getResource(resource);
        if (url == null) {
            throw new IOException("the program lacks " + resource + "; build it again");
        }
        long bytes = url.openConnection().getContentLengthLong();
        Path natives = Path.of(System.getProperty(
                FOLDER,
                Path.of(System.getProperty("user.home"), ".cache", "postdevai", "natives")
                        .toString()));
        // A library of another build has another size; the name of the version is not in the jar.
        Path folder = natives.resolve("jllama-" + bytes);
        Path library = folder.resolve(name);
        PrivateFiles.directory(folder);
        if (!Files.exists(library) || Files.size(library) != bytes) {
            Path fresh = Files.createTempFile(folder, name, ".new");
            try (InputStream stream = url.openStream()) {
                Files.copy(stream, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        Path empty = folder.resolve("unpacked");
        PrivateFiles.directory(empty);
        System.setProperty("de.kherud.llama.lib.path", folder.toString());
        System.setProperty("de.kherud.llama.tmpdir", empty.toString());
    }
}

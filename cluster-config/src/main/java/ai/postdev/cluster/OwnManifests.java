package ai.postdev.cluster;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Finds everything as its parent does, but of the manifests of jars only those of Pekko. Pekko reads all of them at each
 * start to compare its own versions; to read that of a signed jar, the JVM checks signatures, which is a tenth of a start.
 */
final class OwnManifests extends ClassLoader {
    /** One for all: what is read from files of settings is kept for each loader. */
    static final ClassLoader LOADER = new OwnManifests(OwnManifests.class.getClassLoader());

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String PEKKO = "/pekko-";

    private OwnManifests(ClassLoader parent) {
        super("own-manifests", parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> all = super.getResources(name);
        if (!name.equals(MANIFEST)) {
            return all;
        }
        List<URL> own = new ArrayList<>();
        while (all.hasMoreElements()) {
            URL url = all.nextElement();
            if (url.getPath().contains(PEKKO)) {
                own.add(url);
            }
        }
        return Collections.enumeration(own);
    }
}

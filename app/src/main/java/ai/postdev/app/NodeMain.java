package ai.postdev.app;

import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.NodeSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The process of a node. Settings come from the home, the environment and {@code -D}; {@code -Dpostdevai.home} names
 * the home. Exits with 4 and one line on the error stream when something forbids it to start.
 */
public final class NodeMain {
    private static final int REFUSED = 4;
    private static final int FAILED = 5;

    /** Held here, because a logger that nobody holds forgets its level. */
    private static final Logger LUCENE_KERNELS =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    private NodeMain() {}

    /** Starts the node and returns; the process ends when the node does. */
    public static void main(String[] arguments) {
        String named = System.getProperty("postdevai.home", "");
        Home home = named.isBlank() ? Home.locate() : Home.at(Path.of(named));
        // The log's configuration asks for it, and the first logger reads that configuration.
        System.setProperty("postdevai.logs", home.logs().toString());
        // It advises to add a module which a prepared distribution leaves out on purpose (ADR 0016).
        LUCENE_KERNELS.setLevel(Level.SEVERE);
        try {
            start(home);
        } catch (NodeRefused e) {
            System.err.println("postdevai: " + e.getMessage());
            System.exit(REFUSED);
        } catch (RuntimeException e) {
            System.err.println("postdevai: the node did not start: " + e);
            e.printStackTrace();
            System.exit(FAILED);
        }
    }

    private static void start(Home home) {
        HomeLock lock = home.lock();
        try {
            Node.start(lock, NodeSettings.load(home, Map.of()));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }
}

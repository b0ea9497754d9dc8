package ai.postdev.benchmarks.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The four stores with made work, one after another: 1 of events, 1/4 of edges, 1/10 of versions and of vectors. */
final class FilledStores {
    private FilledStores() {}

    /** Made operations by their number. */
    @FunctionalInterface
    interface Made {
        Operation operation(long number);
    }

    /** What is measured of a store. */
    @FunctionalInterface
    interface Measuring {
        /**
         * Measures.
         *
         * @param empty makes the store
         * @param count operations that it is to hold
         */
        void measure(String store, int count, Supplier<StoreEngine<?>> empty, Made made)
                throws IOException, InterruptedException;
    }

    /** Has each store measured. */
    static void each(int count, Measuring measuring) throws IOException, InterruptedException {
        Config config = ConfigFactory.parseResources("reference.conf").resolve();
        MadeWork work = new MadeWork(7);
        measuring.measure(
                "history",
                count,
                () -> new HistoryEngine(HistorySettings.from(config)),
                i -> i % 16 == 0 ? work.commit(i) : work.event(i));
        measuring.measure("metadata", count / 4, () -> new MetadataEngine(MetadataSettings.from(config)), work::edge);
        measuring.measure(
                "code",
                count / 10,
                () -> new CodeEngine(CodeSettings.from(config), _ -> Optional.empty()),
                work::document);
        measuring.measure(
                "vector",
                count / 10,
                () -> new VectorEngine(VectorSettings.from(config), Supersession.NONE),
                work::embedding);
    }
}

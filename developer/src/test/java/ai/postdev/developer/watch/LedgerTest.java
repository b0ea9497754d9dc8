package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.developer.ingest.Stat;
import ai.postdev.developer.ingest.TreeScan;
import ai.postdev.developer.watch.Ledger.Known;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final ContentHash HASH = ContentHash.of(new byte[] {1});
    private static final long NOW = TimeUnit.MILLISECONDS.toNanos(1_000_000_123L);

    private final Ledger ledger = new Ledger();

    private List<String> suspects(Map<String, Long> modifiedMillis) {
        Map<String, Stat> files = new TreeMap<>();
        modifiedMillis.forEach((path, millis) -> files.put(path, new Stat(5, TimeUnit.MILLISECONDS.toNanos(millis))));
        return ledger.compare("", new TreeScan.Result(files, Map.of()));
    }

    @Test
    void atAStartOnlyWhatWasSettledIsTakenAsRead() {
        long copied = TimeUnit.NANOSECONDS.toMillis(NOW) - 20_000;
        long settled = copied + 5_000;
        ledger.reset(
                List.of(
                        new ManifestEntry("in-time", HASH, 5, copied, settled),
                        new ManifestEntry("put-later", HASH, 5, copied, settled + 1)),
                settled,
                NOW);
        assertEquals(List.of("put-later"), suspects(Map.of("in-time", copied, "put-later", copied)));
        assertEquals(
                List.of("in-time", "put-later"),
                suspects(Map.of("in-time", copied + 1, "put-later", copied)),
                "a changed time is a change");
    }

    @Test
    void fileThatWasFromTheFutureIsNotTakenAsRead() {
        long settled = TimeUnit.NANOSECONDS.toMillis(NOW) - 5_000;
        ledger.reset(List.of(new ManifestEntry("then", HASH, 5, settled + 1, settled - 1)), settled, NOW);
        assertEquals(List.of("then"), suspects(Map.of("then", settled + 1)));
    }

    @Test
    void fileReadWithinTheTickOfItsWritingIsUnsure() {
        Stat stat = new Stat(5, NOW + 1);
        ledger.put("racy", new Known(Optional.of(HASH), stat, true, NOW + 2));
        ledger.put("sure", new Known(Optional.of(HASH), stat, true, NOW + TimeUnit.SECONDS.toNanos(1)));
        ledger.put("future", new Known(Optional.of(HASH), new Stat(5, 2 * NOW), true, NOW));
        assertEquals(List.of("racy"), ledger.unsure(NOW + TimeUnit.SECONDS.toNanos(5)));
    }
}

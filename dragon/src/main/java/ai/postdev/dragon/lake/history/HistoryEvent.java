package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import java.util.List;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param ordinal its place in this store; means nothing elsewhere
 * @param origin the node that wrote it
 * @param sequence of the operation that wrote it
 * @param recorded when the lake heard of it
 * @param timeMillis when it happened
 * @param text cut at the store's bound
 * @param pinned whether no rule of retention drops it
 */
public record HistoryEvent(
        int ordinal,
        Origin origin,
        long sequence,
        HybridTime recorded,
        String kind,
        long timeMillis,
        String text,
        Map<String, String> attributes,
        List<String> paths,
        boolean pinned) {}

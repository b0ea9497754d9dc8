package ai.postdev.dragon.model.queue;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What somebody wants of a model.
 *
 * @param id unlike that of any other request that is not over
 * @param caller who is to get no more than others: a person, a key, a connection
 * @param model the name it is loaded by
 * @param workClass how urgent it is
 * @param supersede the same caller's earlier request with this key is no longer wanted
 * @param deadline milliseconds of the queue's clock by which it has to be over; beyond, nobody wants it any more
 * @param tokens of the prompt and of the longest answer, at least 1: what it costs
 * @param bytes of memory that it takes while it waits
 */
public record Request(
        String id,
        String caller,
        String model,
        WorkClass workClass,
        Optional<String> supersede,
        OptionalLong deadline,
        long tokens,
        long bytes) {
    public Request {
        if (tokens < 1 || bytes < 0) {
            throw new IllegalArgumentException("a request costs at least 1 token and takes 0 bytes or more, found "
                    + tokens + " and " + bytes + " in " + id);
        }
    }
}

package ai.postdev.coordinator.openai;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of the HTTP door; the keys are {@code postdevai.gateway.http.*}.
 *
 * @param host loopback address
 * @param port 0 takes a free one
 * @param portTries ports tried from there on, until one is free
 * @param requestBytesMax of one request
 * @param requestTime that a client may take to send one
 * @param jsonDepthMax lists and objects within each other in one request
 * @param connectionsMax at once; more wait to be taken
 * @param idleMax a connection is closed on which no whole head of a request came for this long
 * @param answerTime that a whole answer may take
 * @param readerTime a client that takes nothing of a stream for this long is cut off
 */
public record OpenAiSettings(
        String host,
        int port,
        int portTries,
        long requestBytesMax,
        Duration requestTime,
        int jsonDepthMax,
        int connectionsMax,
        Duration idleMax,
        Duration answerTime,
        Duration readerTime) {
    /** Reads the settings from the whole configuration of the node. */
    public static OpenAiSettings from(Config root) {
        Config http = root.getConfig("postdevai.gateway.http");
        return new OpenAiSettings(
                http.getString("host"),
                http.getInt("port"),
                http.getInt("port-tries"),
                http.getBytes("request-bytes-max"),
                http.getDuration("request-time"),
                http.getInt("json-depth-max"),
                http.getInt("connections-max"),
                http.getDuration("idle-max"),
                http.getDuration("answer-time"),
                http.getDuration("reader-time"));
    }
}

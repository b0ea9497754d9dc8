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
 */
public record OpenAiSettings(String host, int port, int portTries, long requestBytesMax, Duration requestTime) {
    /** Reads the settings from the whole configuration of the node. */
    public static OpenAiSettings from(Config root) {
        Config http = root.getConfig("postdevai.gateway.http");
        return new OpenAiSettings(
                http.getString("host"),
                http.getInt("port"),
                http.getInt("port-tries"),
                http.getBytes("request-bytes-max"),
                http.getDuration("request-time"));
    }
}

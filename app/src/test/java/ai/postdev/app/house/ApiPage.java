package ai.postdev.app.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes docs/reference/api.md: the protos are their own best reference, so the page holds them whole. */
final class ApiPage {
    private ApiPage() {}

    static String render(Path house) throws IOException {
        Path protos = house.resolve("actors/src/main/protobuf/postdevai");
        return """
            # API

            <!-- Written by ReferenceTest from actors/src/main/protobuf; edit those. -->

            gRPC on loopback, with health and reflection; the address and the file with the bearer token are in
            `postdevai status --json` under `endpoints`. Send `authorization: Bearer TOKEN`. The JSON that the command line
            prints is the image of these messages, with the field names in camelCase.

            ## postdevai.v1

            ```protobuf
            %s```

            ## postdevai.v1: language models

            ```protobuf
            %s```

            ## postdevai.v1: models in memory

            ```protobuf
            %s```

            ## postdevai.v1: embeddings

            ```protobuf
            %s```

            ## What the journal keeps

            ```protobuf
            %s```
            """.formatted(
                        Files.readString(protos.resolve("v1/postdevai.proto")),
                        Files.readString(protos.resolve("v1/generate.proto")),
                        Files.readString(protos.resolve("v1/serving.proto")),
                        Files.readString(protos.resolve("v1/embedding.proto")),
                        Files.readString(protos.resolve("store/v1/operation.proto")));
    }
}

package ai.postdev.app.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The launcher's first build skips tests altogether, so the modules that it builds must not need any module's tests. */
class FirstBuildTest {
    private static final List<String> BUILT =
            List.of("actors", "cluster-config", "native", "dragon", "developer", "coordinator", "app");

    @Test
    void nothingThatIsBuiltFirstNeedsTests() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("postdevai"))) {
            root = root.getParent();
        }
        assertTrue(
                Files.readString(root.resolve("postdevai")).contains("-pl app -am -Dmaven.test.skip=true"),
                "the launcher builds in another way now, which this test knows nothing of");
        List<String> found = new ArrayList<>();
        for (String module : BUILT) {
            Document pom = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(root.resolve(module).resolve("pom.xml").toFile());
            NodeList types = pom.getElementsByTagName("type");
            for (int i = 0; i < types.getLength(); i++) {
                Element dependency = (Element) types.item(i).getParentNode();
                boolean always = dependency.getParentNode().getParentNode() == pom.getDocumentElement();
                if (types.item(i).getTextContent().equals("test-jar") && always) {
                    found.add(module + " needs the tests of "
                            + dependency
                                    .getElementsByTagName("artifactId")
                                    .item(0)
                                    .getTextContent());
                }
            }
        }
        assertEquals(List.of(), found);
    }
}

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** Java's own HttpClient with its default headers: URL KEY SENT RECEIVED, as in main.rs. */
class Client {
    public static void main(String[] arguments) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .header("Authorization", "Bearer " + arguments[1])
                .POST(BodyPublishers.ofFile(Path.of(arguments[2])))
                .build();
        var answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofFile(Path.of(arguments[3])));
        System.out.println(answer.statusCode() + " "
                + answer.headers().firstValue("content-type").orElse("none"));
    }
}

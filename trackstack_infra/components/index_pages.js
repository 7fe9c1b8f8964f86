// Pages lie in folders, and S3 knows keys only: /x and /x/ are the page /x/index.html.
function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (last === '') {
    request.uri += 'index.html';
  } else if (last.indexOf('.') < 0) {
    request.uri += '/index.html';
  }
  return request;
}

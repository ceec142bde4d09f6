using Autonoomi.App;
using Autonoomi.App.Platform.Data;

var app = Product.Build(WebApplication.CreateBuilder(args));
await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
await app.RunAsync();
